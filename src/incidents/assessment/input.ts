import type { Labels } from "../../alerts/labels.ts";
import type { Transition, UpstreamStatus } from "../../upstream/types.ts";
import type { DutyTotals } from "../../duties/types.ts";
import type { HostState } from "../../signals/hosts/host-state.ts";
import type { LogEvent } from "../../signals/logs/log-state.ts";
import type { SlaStanding } from "../../sla/types.ts";
import type { AssessedFact } from "./types.ts";

/** Attestations asked for, in a block in time, and of those with the right target. */
export type DutySums = Pick<DutyTotals, "assigned" | "included" | "timelyTarget">;

/** One epoch, judged, or as far as its votes are known. `network` is everybody on the chain, ours among them. */
export interface AssessedEpoch {
  epoch: number;
  /** When it began, ms since 1970. */
  at: number;
  own: DutySums;
  network: DutySums;
}

export interface Victim {
  index: number;
  stakeGwei: number;
  labels: Labels;
}

/** How many watched validators carry exactly these labels. */
export interface LabelCount {
  labels: Labels;
  validators: number;
}

/** One side of a disagreement about the chain. Two sides are one: then there is none. */
export interface SeenBranch {
  /** Of its head, 0x-prefixed. */
  root: string;
  slot: number;
  /** Own nodes and outside references that follow it. */
  nodes: readonly string[];
  /** Of these, sources that share no software and no operator: the smaller of distinct consensus and execution clients, plus references. */
  independent: number;
}

export type AssessedNode = Pick<
  UpstreamStatus,
  | "node"
  | "group"
  | "health"
  | "operator"
  | "detail"
  | "sinceAt"
  | "headLagSlots"
  | "isOptimistic"
  | "elOffline"
  | "peers"
  | "clientFamily"
  | "version"
> & { gateway: string };

export type AssessedHost = Pick<HostState, "name" | "provider" | "region" | "verdict" | "readAt" | "bootedAt"> & {
  findings: readonly { verdict: HostState["verdict"]; detail: string }[];
  /** When clients on it were started, where they tell. */
  started: readonly { place: string; at: number }[];
};

export interface AuditedAction {
  at: number;
  actor: string;
  action: string;
  target: string;
  result: string;
}

/** Everything that an assessment is made of; what nobody knows is absent or empty, never a guess. */
export interface AssessmentInput {
  /**
   * Figures from here on belong to the incident, earlier ones to usual days; ms since 1970. Some epochs before it was
   * noticed: alarms come after what they tell of.
   */
  fromAt: number;
  /** What the incident is about, as far as its alerts or its author say. It only settles ties: the impact may be wider. */
  about: Labels;
  /** Oldest first; those before the impact tell what is usual. */
  epochs: readonly AssessedEpoch[];
  /** Head epoch less finalized epoch. */
  finalityLagEpochs: number | undefined;
  branches: readonly SeenBranch[];
  watched: readonly LabelCount[];
  victims: readonly Victim[];
  /** Chance that a validator is among the victims on a usual day, 0 to 1. */
  ordinaryRate: number;
  /** Own validators that were slashed since shortly before the impact. */
  slashed: readonly Victim[];
  nodes: readonly AssessedNode[];
  /** Gateways that do not answer. */
  silentGateways: readonly string[];
  hosts: readonly AssessedHost[];
  /** Known lines since shortly before the impact, newest first. */
  logs: readonly LogEvent[];
  /** How many logs are followed: with none, silence says nothing. */
  logSources: number;
  transitions: readonly (Transition & { gateway: string })[];
  actions: readonly AuditedAction[];
  /** Changes that somebody else found out: versions, configuration. */
  otherChanges: readonly AssessedFact[];
  sla: readonly { customer: string; standing: SlaStanding }[];
  causes: readonly { code: string; lost: number }[];
  /** What the epochs since the impact cost the victims, each epoch's rewards taken off; of the newest epochs, where there are many. */
  penaltiesGwei: number;
}
