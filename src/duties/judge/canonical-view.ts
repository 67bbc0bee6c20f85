import type { BlockRef } from "../../chain/types.ts";

/** One chain of blocks, looked at by slot. */
export interface CanonicalView {
  /**
   * Root of the last block at or before the slot, as `get_block_root_at_slot` gives it; `undefined` where that block is
   * older than what is known.
   */
  rootAt(slot: number): string | undefined;
  /** Whether the slot itself has a block. */
  hasBlock(slot: number): boolean;
  /** Slots without a block strictly between two slots. */
  emptyBetween(slot: number, laterSlot: number): number;
  /** The newest block; `undefined` where none is known. */
  readonly head: BlockRef | undefined;
}

/**
 * A view of blocks of one chain, in any order. To judge epoch N it must reach back to the last block at or before the
 * first slot of N, and one slot further from Gloas on; the block of genesis (slot 0) counts.
 */
export function canonicalView(blocks: readonly BlockRef[]): CanonicalView {
  const sorted = [...blocks].sort((a, b) => a.slot - b.slot);
  /** How many blocks are at or before the slot. */
  const countTo = (slot: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]!.slot <= slot) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    rootAt: (slot) => sorted[countTo(slot) - 1]?.root,
    hasBlock: (slot) => sorted[countTo(slot) - 1]?.slot === slot,
    emptyBetween: (slot, laterSlot) =>
      laterSlot <= slot + 1 ? 0 : laterSlot - slot - 1 - (countTo(laterSlot - 1) - countTo(slot)),
    head: sorted.at(-1),
  };
}
