import type { Labels } from "../../src/alerts/labels.ts";
import type { IncidentScope } from "../../src/incidents/assessment/types.ts";
import type { Draw } from "./draw.ts";

/** What a beacon node of ours does from the impact on. */
export type NodeTrouble = "down" | "frozen" | "optimistic" | "other-branch";

export interface OwnNode {
  name: string;
  group: string;
  /** "lighthouse/geth". */
  clientFamily: string;
  host: string;
  trouble?: NodeTrouble;
  /** Taken out by a person before the impact. */
  isInMaintenance?: boolean;
}

export interface OwnHost {
  name: string;
  provider: string;
  region: string;
  isSilent?: boolean;
}

/** What the chain and our fleet do: an incident of the catalogue as it shows on the chain. */
export interface Play {
  fleet: readonly { labels: Labels; validators: number }[];
  nodes: readonly OwnNode[];
  hosts: readonly OwnHost[];
  /** Chance that one of ours with these labels loses a duty from the impact on. */
  lostOf(labels: Labels): number;
  /** The same for everybody else. */
  lostOfStrangers: number;
  /** Share of slots without a block from the impact on. */
  missedSlots?: number;
  /** Losers vote on a branch of their own, that has their blocks. */
  isForked?: boolean;
  /** Part of ours that is slashed at the impact. */
  slashed?: number;
  /** Ours of so many labels log this. */
  log?: { node?: string; validatorClient?: string; means: string };
}

/** Written down from the reference before anything was run. */
export interface Truth {
  scope: IncidentScope;
  /** The label set that the first named one must be; `undefined`: none may be named. */
  labels: Labels | undefined;
}

export interface Scenario {
  /** Number in the incident catalogue (practice.md, part 2), or a word. */
  incident: string;
  what: string;
  make(draw: Draw): Play & { truth: Truth };
}
