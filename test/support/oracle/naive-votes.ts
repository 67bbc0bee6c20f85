import type { BlockFacts } from "../../../src/duties/types.ts";
import type { EpochTruth } from "../../oracle/src/chain-truth.ts";

export interface NaiveVote {
  slot: number;
  /** Slots to the first canonical block that holds it. */
  delay: number;
  /** Slots without a canonical block between the duty and that block. */
  emptySlots: number;
}

/**
 * First inclusions of an epoch, found the slow way: every bit of every block is looked at by name, block by block. A second
 * opinion on delays, which no state keeps. Blocks must be canonical, oldest first.
 */
export function naiveVotes(
  truth: EpochTruth,
  blocks: readonly BlockFacts[],
  slotsPerEpoch: number,
): Map<number, NaiveVote> {
  const firstSlot = truth.epoch * slotsPerEpoch;
  const votes = new Map<number, NaiveVote>();
  const slotsWithBlock = new Set(blocks.map(({ slot }) => slot));
  for (const block of blocks) {
    if (block.slot >= firstSlot + 2 * slotsPerEpoch) continue;
    for (const { slot, committees, bits } of block.attestations) {
      const bySlot = truth.committees[slot - firstSlot];
      if (bySlot === undefined) continue;
      let bit = 0;
      for (const committee of committees)
        for (const validatorIndex of bySlot[committee] ?? []) {
          const isSet = (((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
          bit += 1;
          if (!isSet || votes.has(validatorIndex)) continue;
          let emptySlots = 0;
          for (let between = slot + 1; between < block.slot; between++)
            if (!slotsWithBlock.has(between)) emptySlots += 1;
          votes.set(validatorIndex, { slot, delay: block.slot - slot, emptySlots });
        }
    }
  }
  return votes;
}
