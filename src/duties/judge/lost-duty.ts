import type { Checkpoint } from "../../chain/types.ts";
import type { CauseFinding, ExceptionOutcome, SlotOutcome } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";

/** How many did their attestation, and how well. */
export interface DutyCounts {
  assigned: number;
  included: number;
  timelySource: number;
  timelyTarget: number;
  timelyHead: number;
}

/** What one vote named, and the canonical block that first included it. */
export interface SeenVote {
  headRoot: string;
  source: Checkpoint;
  target: Checkpoint;
  blockSlot: number;
}

/** An attestation of a watched validator that was not perfect. */
export interface LostAttestation {
  kind: "attestation";
  epoch: number;
  slot: number;
  validatorIndex: number;
  outcome: Extract<ExceptionOutcome, "slashed" | "missed" | "wrong-target" | "wrong-head" | "late">;
  /** Inclusion delay; 0: not included. */
  detail: number;
  /** `position`: within the committee, from 0. */
  seat: { committee: number; position: number };
  /** `dutyBits`. */
  duty: number;
  /** Of the delay, slots without a block. */
  emptySlots: number;
  /** In gwei against ideal. */
  lost: number | undefined;
  /** Its vote on chain; `undefined`: none. */
  voted: SeenVote | undefined;
  /** What a right vote named. */
  expected: { headRoot: string; targetRoot: string };
  /** First canonical block after the duty's slot, where one is there yet. */
  firstChance: { slot: number; root: string } | undefined;
  /** Everybody of the same slot, and of the same committee. */
  slotNetwork: DutyCounts;
  committeeNetwork: DutyCounts;
  /** The watched validators of the same slot. */
  slotOwn: DutyCounts;
  /** Heads that the slot's included attesters voted for, most votes first; by the first inclusion. */
  slotVotes: readonly { headRoot: string; votes: number }[];
}

/** A proposal that failed or broke its customer's policy. */
export interface LostProposal {
  kind: "proposal";
  epoch: number;
  slot: number;
  validatorIndex: number;
  outcome: Extract<
    ExceptionOutcome,
    "missed" | "orphaned" | "empty-payload" | "wrong-fee-recipient" | "wrong-relay" | "underpaid"
  >;
  detail: 0;
  /** Of the canonical or the orphaned block. */
  root: string | undefined;
  feeRecipient: string | undefined;
  relay: string | undefined;
  lost: number | undefined;
}

/** Seats of the sync committee of one validator that did not sign in an epoch. */
export interface LostSync {
  kind: "sync";
  epoch: number;
  /** Of the first block without its signature. */
  slot: number;
  validatorIndex: number;
  outcome: "sync-missed";
  /** Slots of the blocks that lack at least one of its seats. A block's bits sign the slot before it. */
  missedSlots: readonly number[];
  /** Missed seats, of `duties`. */
  detail: number;
  duties: number;
  lost: number | undefined;
  /** Seats that signed, of all, over the blocks of `missedSlots`. */
  network: { hits: number; duties: number };
}

export interface LostBySlashing {
  kind: "slashing";
  epoch: number;
  slot: number;
  validatorIndex: number;
  outcome: "slashed";
  detail: 0;
  offence: "proposer" | "attester";
  lost: undefined;
}

export type LostDuty = LostAttestation | LostProposal | LostSync | LostBySlashing;

/** What else of the epoch is known when a cause is asked for. */
export interface LostContext {
  epoch: number;
  slots: readonly SlotOutcome[];
  chain: CanonicalView;
  /** Blocks that were seen and are not canonical. */
  orphans: readonly OrphanedBlock[];
  /** Everybody over the whole epoch. */
  network: DutyCounts;
}

export interface OrphanedBlock {
  slot: number;
  root: string;
  proposerIndex: number | undefined;
}

/** Why a duty was lost. Pure; must not throw. */
export type CauseOf = (lost: LostDuty, context: LostContext) => CauseFinding;

/** Where nobody looks for causes. */
export const unknownCause: CauseOf = () => ({ code: "unknown", confidence: "possible", evidence: [] });
