import type { Labels } from "../../alerts/labels.ts";
import type { Hold } from "../../control/types.ts";
import type { OperatorState } from "../../upstream/types.ts";
import type { VictimCohort } from "../assessment/types.ts";
import type { IncidentReasonCode } from "../reasons.ts";

/** There is no kind that starts, restarts or moves anything: `take-out` drains every node of a host, `hold` withholds signing inputs. */
export const isolationKinds = ["cordon", "drain", "take-out", "hold"] as const;
export type IsolationKind = (typeof isolationKinds)[number];

/** What is asked of a gateway, one call each. */
export type IsolationStep =
  | { kind: "cordon" | "drain"; gateway: string; group: string; node: string }
  | { kind: "hold"; gateway: string; group: string };

/** Something that can be done without risk of a slashing, or why not. As the API shows it, with the steps that do it. */
export interface IsolationOffer {
  /** Stable while what it is about keeps its name. */
  id: string;
  kind: IsolationKind;
  target: string;
  /** What it would do, what it would cost, and why it is safe or refused. */
  does: string;
  costs: string;
  isAllowed: boolean;
  reason: IncidentReasonCode;
  why: string;
  /** In order. */
  steps: readonly IsolationStep[];
}

export interface OfferNode {
  node: string;
  /** `undefined`: nobody knows; so everywhere here. */
  operator: OperatorState | undefined;
  /** In sync, and may serve signing inputs. */
  isReady: boolean | undefined;
  host: string | undefined;
  /** Consensus and execution client: "lodestar/geth". */
  clientFamily: string;
  /** It follows another branch than most do. */
  differs: boolean;
  /** Provider, region and whatever else is known of it. */
  labels: Labels;
}

/** A group of nodes as one gateway has it. */
export interface OfferGroup {
  gateway: string;
  group: string;
  /** False: the gateway does not answer, and how its nodes stand is not known. */
  isKnown: boolean;
  nodes: readonly OfferNode[];
  hold: Pick<Hold, "by" | "reason"> | undefined;
  /** Validators behind it: so many attestations each epoch. */
  validators: number | undefined;
  /** Own proposals that are known to come; `at`: when the slot begins, ms since 1970. */
  proposals: readonly { slot: number; at: number }[];
}

export interface OfferInput {
  groups: readonly OfferGroup[];
  /** Of the assessment: what the victims share. */
  cohorts: readonly Pick<VictimCohort, "labels">[];
  /** Names of nodes and hosts that look broken. */
  suspects: readonly string[];
  /** Groups of own keys that were slashed. */
  slashedGroups: readonly string[];
}
