import type { BlockFacts, EpochCommittees } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import type { DutySpec } from "./duty-spec.ts";
import type { DutyCounts, SeenVote } from "./lost-duty.ts";
import { AppError } from "../../lib/app-error.ts";

/**
 * Every attestation duty of one epoch N and what canonical blocks made of it. A validator's *place* is where it stands in
 * `committees.members`. A reorg makes a new ledger.
 */
export interface EpochLedger {
  readonly epoch: number;
  readonly committees: EpochCommittees;
  /** `dutyBits` by place (`slashed` is never set here). */
  readonly duty: Uint8Array;
  /** Slots to the first inclusion, by place; 0: none; 255: that or more. */
  readonly delay: Uint8Array;
  /** Slot of the newest block applied; -1: none. */
  readonly appliedSlot: number;
  /** Blocks from Gloas on, applied without knowing whether their parent's payload was there, though it decided votes. */
  readonly undecidedPayloads: number;
  /**
   * Takes in a canonical block of N or N + 1, oldest first; others are ignored. From Gloas on, give it also the last block
   * before N: whether that one's payload was there may decide a vote.
   *
   * @throws AppError `judge-order` (an older block than the last), `judge-root-unknown` (the view does not reach back far
   * enough), `judge-committee-mismatch` (the block's bits do not fit the committees: they are of another chain).
   */
  apply(block: BlockFacts, chain: CanonicalView): void;
  /** `undefined`: it is in no committee of the epoch. */
  placeOf(validatorIndex: number): number | undefined;
  /** Where a place sits. */
  seatOf(place: number): { slot: number; committee: number; position: number };
  /** The vote of a place as it was first included. */
  voteOf(place: number): (SeenVote & { isHeadRight: boolean; isTargetRight: boolean }) | undefined;
  /** Heads that the attesters of a slot voted for, most votes first. */
  votesOf(slot: number): readonly { headRoot: string; votes: number }[];
  /** Counts so far of everybody, or of the watched ones, whose duty is in the slot. */
  slotCounts(slot: number): DutyCounts;
  watchedCounts(slot: number): DutyCounts;
  committeeCounts(slot: number, committee: number): DutyCounts;
}

export interface LedgerInput {
  epoch: number;
  spec: DutySpec;
  committees: EpochCommittees;
  /** Validator indices whose duties `watchedCounts` counts. */
  watched?: Uint32Array;
}

/** @throws AppError `judge-committees-invalid` where the committees cannot be those of an epoch. */
export function createEpochLedger(input: LedgerInput): EpochLedger {
  throw new AppError(`judge epoch ${input.epoch}: this build has no judge yet`, { code: "not-built" });
}
