import { AppError } from "../../lib/app-error.ts";
import { dutyBits, type AttestationFacts, type BlockFacts, type EpochCommittees } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import { indexCommittees, runsOf } from "./committee-index.ts";
import type { DutySpec } from "./duty-spec.ts";
import { addBits, newCounts } from "./duty-counts.ts";
import { isForkFrom, isParentFull, judgeVote, type VoteVerdict } from "./judge-vote.ts";
import type { DutyCounts, SeenVote } from "./lost-duty.ts";
import { visitBits } from "./visit-bits.ts";

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
  /** Votes from Gloas on whose head could not be judged, because nobody told whether a payload was there. */
  readonly undecidedPayloads: number;
  /**
   * Takes in a canonical block of N or N + 1, oldest first; others are ignored. From Gloas on, give it also the last block
   * before N: whether that one's payload was there may decide a vote.
   *
   * @throws AppError `judge-order` (not newer than the last), `judge-root-unknown` (the view does not reach back far
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

/** Votes that named the same, were judged the same and were first included by the same block. */
interface VoteGroup {
  vote: AttestationFacts;
  verdict: VoteVerdict;
  blockSlot: number;
  votes: number;
}

/** @throws AppError `judge-committees-invalid` where the committees cannot be those of an epoch. */
export function createEpochLedger(input: LedgerInput): EpochLedger {
  const { epoch, spec, committees } = input;
  if (committees.epoch !== epoch)
    throw new AppError(`judge epoch ${epoch}: the committees are of epoch ${committees.epoch}; read them again`, {
      code: "judge-committees-invalid",
    });
  const { members, offsets, committeesPerSlot } = committees;
  const index = indexCommittees(spec, committees);
  const firstSlot = epoch * spec.slotsPerEpoch;
  const endSlot = firstSlot + 2 * spec.slotsPerEpoch;

  const duty = new Uint8Array(members.length).fill(dutyBits.assigned);
  const delay = new Uint8Array(members.length);
  const groupOf = new Uint32Array(members.length);
  /** Group 0 stands for no vote. */
  const groups: (VoteGroup | undefined)[] = [undefined];
  const isWatched = new Uint8Array(members.length);
  for (const validatorIndex of input.watched ?? []) {
    const place = index.placeOf(validatorIndex);
    if (place !== undefined) isWatched[place] = 1;
  }
  const all = newTallies(spec.slotsPerEpoch);
  const own = newTallies(spec.slotsPerEpoch);
  for (let slot = 0; slot < spec.slotsPerEpoch; slot += 1) {
    const from = offsets[slot * committeesPerSlot]!;
    const to = offsets[(slot + 1) * committeesPerSlot]!;
    all[slot]!.assigned = to - from;
    for (let place = from; place < to; place += 1) own[slot]!.assigned += isWatched[place]!;
  }

  let appliedSlot = -1;
  let undecidedPayloads = 0;
  let lastBlock: BlockFacts | undefined;

  const applyVote = (vote: AttestationFacts, block: BlockFacts, chain: CanonicalView, isFull: boolean | undefined) => {
    const slotInEpoch = vote.slot - firstSlot;
    if (slotInEpoch < 0 || slotInEpoch >= spec.slotsPerEpoch) return;
    const verdict = judgeVote(spec, vote, block, chain, isFull);
    if (verdict === undefined) return;
    if (verdict.isPayloadUnknown) undecidedPayloads += 1;
    const { flags } = verdict;
    const shownDelay = Math.min(verdict.delay, 255);
    const group: VoteGroup = { vote, verdict, blockSlot: block.slot, votes: 0 };
    const groupId = groups.push(group) - 1;
    const sum = all[slotInEpoch]!;
    const ownSum = own[slotInEpoch]!;
    const mark = (place: number): void => {
      const before = duty[place]!;
      const fresh = flags & ~before;
      if (fresh === 0) return;
      duty[place] = before | flags;
      if ((fresh & dutyBits.included) !== 0) {
        delay[place] = shownDelay;
        groupOf[place] = groupId;
        group.votes += 1;
      }
      addBits(sum, fresh);
      if (isWatched[place] === 1) addBits(ownSum, fresh);
    };
    for (const run of runsOf(index, committeesPerSlot, slotInEpoch, vote))
      visitBits(vote.bits, run.fromBit, run.toBit, run.place - run.fromBit, mark);
  };

  const slotTally = (tallies: readonly DutyCounts[], slot: number): DutyCounts => ({
    ...(tallies[slot - firstSlot] ?? newCounts()),
  });

  return {
    epoch,
    committees,
    duty,
    delay,
    get appliedSlot() {
      return appliedSlot;
    },
    get undecidedPayloads() {
      return undecidedPayloads;
    },
    apply(block, chain) {
      if (block.slot <= (lastBlock?.slot ?? -1))
        throw new AppError(
          `judge epoch ${epoch}: the block of slot ${block.slot} came after that of slot ${lastBlock?.slot}; start a new ledger`,
          { code: "judge-order" },
        );
      const isOfWindow = block.slot >= firstSlot && block.slot < endSlot;
      const isFull = isForkFrom(block.fork, "gloas") ? isParentFull(block, lastBlock) : undefined;
      if (isOfWindow)
        for (const vote of block.attestations) if (vote.target.epoch === epoch) applyVote(vote, block, chain, isFull);
      // Only now: a block that failed halfway can be applied again, since taking in a vote twice changes nothing.
      lastBlock = block;
      if (isOfWindow) appliedSlot = block.slot;
    },
    placeOf: (validatorIndex) => index.placeOf(validatorIndex),
    seatOf: (place) => index.seatOf(place),
    voteOf(place) {
      const group = groups[groupOf[place]!];
      if (group === undefined) return undefined;
      const { headRoot, source, target } = group.vote;
      const { isHeadRight, isTargetRight } = group.verdict;
      return { headRoot, source, target, blockSlot: group.blockSlot, isHeadRight, isTargetRight };
    },
    votesOf(slot) {
      const votes = new Map<string, number>();
      for (const group of groups)
        if (group?.vote.slot === slot && group.votes > 0)
          votes.set(group.vote.headRoot, (votes.get(group.vote.headRoot) ?? 0) + group.votes);
      return [...votes].map(([headRoot, count]) => ({ headRoot, votes: count })).sort((a, b) => b.votes - a.votes);
    },
    slotCounts: (slot) => slotTally(all, slot),
    watchedCounts: (slot) => slotTally(own, slot),
    committeeCounts(slot, committee) {
      const { from, to } = index.rangeOf(slot - firstSlot, committee);
      const counts = newCounts();
      for (let place = from; place < to; place += 1) {
        counts.assigned += 1;
        addBits(counts, duty[place]!);
      }
      return counts;
    },
  };
}

function newTallies(slots: number): DutyCounts[] {
  return Array.from({ length: slots }, newCounts);
}
