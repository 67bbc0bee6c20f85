import type { MatcherText } from "../expr/matcher.ts";
import type { Labels } from "../labels.ts";
import type { AlertReasonCode } from "../reasons.ts";
import type { Severity } from "../severity.ts";

/** Why nobody is told that an alert fires. The alert itself goes on; several reasons may hold at once. */
export interface Suppression {
  kind: "silence" | "inhibit_rule" | "incident" | "maintenance";
  /** Of the silence, rule, incident or window. */
  id: string;
  reason: AlertReasonCode;
  /** When it ends by itself, ms since 1970; absent where nobody knows. */
  until?: number;
}

/** Made by a person for a while. In force from `startsAt`, no longer at `endsAt`. */
export interface Silence {
  id: string;
  matchers: readonly MatcherText[];
  startsAt: number;
  endsAt: number;
  createdBy: string;
  comment: string;
}

/** As in Alertmanager: while a source alert fires, target alerts with equal labels are not told. */
export interface InhibitRule {
  id: string;
  sourceMatchers: readonly MatcherText[];
  targetMatchers: readonly MatcherText[];
  /** Both must have the same value; absent on both sides is the same. */
  equal: readonly string[];
}

/** An incident that people work on. It covers alerts that carry all labels of one of its sets, up to its severity. */
export interface OpenIncident {
  reference: string;
  labelSets: readonly Labels[];
  severity: Severity;
  /** Values of the label `class`: it covers their alerts too, but for those about a machine or provider of our own. */
  coversClasses?: readonly string[];
  /** Of these classes only alerts that carry all labels of one of these sets; absent: all. */
  coversWithin?: readonly Labels[];
}

/** A maintenance window: alerts about these hosts, nodes and groups of nodes are not told. `endsAt` is no longer part. */
export interface Mute {
  id: string;
  hosts: readonly string[];
  nodes: readonly string[];
  groups: readonly string[];
  startsAt: number;
  endsAt: number;
}
