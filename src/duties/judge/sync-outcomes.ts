import type { BlockFacts, SyncOutcome } from "../types.ts";
import type { JudgeInput } from "./judge-input.ts";
import { syncSeatReward } from "./spec-rewards.ts";
import { isBitSet } from "./visit-bits.ts";

/** The whole committee over the epoch. */
export interface SyncTally {
  duties: number;
  hits: number;
  /** Of one seat and block, in gwei; `undefined`: not known. */
  seatReward: number | undefined;
}

export interface JudgedSync {
  outcome: SyncOutcome;
  /** Slots of blocks that lack a seat of it, and how many of everybody's seats they hold. */
  missedSlots: number[];
  network: { hits: number; duties: number };
}

/**
 * Seats of the watched validators. The bits of a block belong to the committee of the block's own epoch
 * (`process_sync_aggregate`), though they sign the slot before; a slot without a block asks nothing.
 */
export function syncOutcomes(
  input: JudgeInput,
  positionOf: (validatorIndex: number) => number | undefined,
  caveats: string[],
): { tally: SyncTally; judged: JudgedSync[] } {
  const { spec, epoch, syncCommittee, network } = input;
  // Nobody signs in the block of genesis: `process_sync_aggregate` never runs for it.
  const blocks = input.blocks.filter(
    ({ slot, syncBits }) => slot > 0 && Math.floor(slot / spec.slotsPerEpoch) === epoch && syncBits !== undefined,
  );
  const signed = new Map<BlockFacts, number>();
  for (const block of blocks) signed.set(block, countBits(block.syncBits!, spec.syncCommitteeSize));
  const tally: SyncTally = {
    duties: blocks.length * spec.syncCommitteeSize,
    hits: [...signed.values()].reduce((sum, hits) => sum + hits, 0),
    seatReward:
      network?.activeIncrementsOfEpoch === undefined
        ? undefined
        : syncSeatReward(spec, network.activeIncrementsOfEpoch),
  };
  if (syncCommittee === undefined || syncCommittee.length !== spec.syncCommitteeSize) {
    if (blocks.length > 0) caveats.push("sync-committee-unknown");
    return { tally, judged: [] };
  }

  const seats = new Map<number, number[]>();
  for (const [seat, validatorIndex] of syncCommittee.entries())
    if (positionOf(validatorIndex) !== undefined)
      seats.set(validatorIndex, [...(seats.get(validatorIndex) ?? []), seat]);

  const judged: JudgedSync[] = [];
  for (const [validatorIndex, own] of [...seats].sort(([a], [b]) => a - b)) {
    const it: JudgedSync = {
      outcome: { validatorIndex, seats: own.length, duties: 0, hits: 0, earned: undefined, ideal: undefined },
      missedSlots: [],
      network: { hits: 0, duties: 0 },
    };
    for (const block of blocks) {
      const hits = own.filter((seat) => isBitSet(block.syncBits!, seat)).length;
      it.outcome.duties += own.length;
      it.outcome.hits += hits;
      if (hits === own.length) continue;
      it.missedSlots.push(block.slot);
      it.network.hits += signed.get(block)!;
      it.network.duties += spec.syncCommitteeSize;
    }
    judged.push(it);
  }
  payRewards(input, blocks, seats, tally, judged);
  return { tally, judged };
}

/** The node's word where it has one for each block; else by the specification; else nothing. */
function payRewards(
  input: JudgeInput,
  blocks: readonly BlockFacts[],
  seats: ReadonlyMap<number, readonly number[]>,
  tally: SyncTally,
  judged: readonly JudgedSync[],
): void {
  const told = blocks.map((block) => input.rewards?.sync.get(block.root));
  for (const { outcome } of judged) {
    const rewards = told.map((reward) => reward?.get(outcome.validatorIndex));
    if (rewards.length > 0 && rewards.every((reward) => reward !== undefined)) {
      outcome.earned = rewards.reduce<number>((sum, reward) => sum + reward, 0);
      outcome.ideal = idealOf(blocks, told, seats, outcome.seats);
    }
    if (tally.seatReward === undefined) continue;
    outcome.earned ??= (2 * outcome.hits - outcome.duties) * tally.seatReward;
    outcome.ideal ??= outcome.duties * tally.seatReward;
  }
}

/**
 * What all seats hit would have earned. The reward of one seat follows from anybody whose hits and misses differ; it is the
 * same in all blocks of an epoch, as the total active balance is.
 */
function idealOf(
  blocks: readonly BlockFacts[],
  told: readonly (ReadonlyMap<number, number> | undefined)[],
  seats: ReadonlyMap<number, readonly number[]>,
  ownSeats: number,
): number | undefined {
  for (const [place, block] of blocks.entries())
    for (const [validatorIndex, own] of seats) {
      const reward = told[place]?.get(validatorIndex);
      const net = own.reduce((sum, seat) => sum + (isBitSet(block.syncBits!, seat) ? 1 : -1), 0);
      if (reward !== undefined && net !== 0) return Math.round(reward / net) * blocks.length * ownSeats;
    }
  return undefined;
}

function countBits(bits: Uint8Array, size: number): number {
  let hits = 0;
  for (let seat = 0; seat < size; seat += 1) if (isBitSet(bits, seat)) hits += 1;
  return hits;
}
