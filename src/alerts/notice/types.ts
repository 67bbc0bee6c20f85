import type { Labels } from "../labels.ts";
import type { AlertReasonCode } from "../reasons.ts";
import type { Severity } from "../severity.ts";
import type { Suppression } from "../suppress/types.ts";

/** An alert that fires, from our own rules or from elsewhere, with what keeps it from being told. */
export interface FiringAlert {
  fingerprint: string;
  labels: Labels;
  severity: Severity;
  summary: string;
  description: string;
  runbook: string;
  playbook: string;
  /** When it began to fire, ms since 1970. */
  startsAt: number;
  /** Its facts are missing or old: it fires on, and nobody knows whether it still holds. */
  isUnknown: boolean;
  suppressedBy: readonly Suppression[];
}

/** An alert of a group, as it is stored. */
export interface GroupMember extends FiringAlert {
  /** Have people been told that it fires? */
  isTold: boolean;
  /** 0 while it fires. One that was told is kept until its end is told. */
  endsAt: number;
}

/** Alerts that are told together. Plain data: a row with `dueAt`, so that a restart forgets nothing. */
export interface AlertGroup {
  groupKey: string;
  labels: Labels;
  /** When it is to be looked at again at the latest; `null`: when something changes. */
  dueAt: number | null;
  /** Since when something waits to be told for the first time; 0: nothing does. */
  waitsSince: number;
  /** When the first notice of what is told now was made; 0: nothing is. */
  toldSince: number;
  /** When the last notice was made; 0: none of what is told now. */
  toldAt: number;
  /** Rank of the worst alert that the last notice told as firing. */
  toldRank: number;
  /** Sorted by fingerprint. */
  members: readonly GroupMember[];
}

export interface NoticeAlert extends FiringAlert {
  status: "firing" | "resolved";
  /** 0 while it fires. */
  endsAt: number;
}

/**
 * What is to be told about a group. `firing` opens or extends it, `repeat` says it again, `resolve` closes it: every group
 * that was told as firing gets exactly one. Ends of single alerts are told with the next notice of their group.
 */
export interface Notice {
  groupKey: string;
  groupLabels: Labels;
  kind: "firing" | "repeat" | "resolve";
  reason: AlertReasonCode;
  severity: Severity;
  alerts: readonly NoticeAlert[];
  at: number;
  /** When the first notice was made that this one belongs to: with the key, one name from first page to resolve. */
  toldSince: number;
}

export interface GroupingSettings {
  /** Alerts with the same values of these labels are told together; `["..."]`: each alert by itself. */
  groupBy: readonly string[];
  /** How long the first notice of a group waits for company, ms. */
  waitMs: Readonly<Record<Severity, number>>;
  /** Between notices that tell something new, ms. A worse alert does not wait. */
  intervalMs: number;
  /** Until a notice is repeated when nothing changed, ms. */
  repeatMs: number;
}

export const defaultGrouping: GroupingSettings = {
  groupBy: ["alertname", "group"],
  waitMs: { critical: 0, warning: 30_000, info: 30_000 },
  intervalMs: 5 * 60_000,
  repeatMs: 4 * 3_600_000,
};
