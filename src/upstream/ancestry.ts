import type { BlockRef } from "../chain/types.ts";

/** Parents of blocks, by root, as nodes told them. Bounded; never changed in place. */
export type Ancestry = ReadonlyMap<string, { slot: number; parentRoot: string }>;

export const emptyAncestry: Ancestry = new Map();

/** Three mainnet epochs of two branches fit with room to spare. */
const maxBlocks = 512;

/** Adds a block; when full, the blocks of the lowest slots go. */
export function addBlock(ancestry: Ancestry, block: BlockRef & { parentRoot: string }): Ancestry {
  if (ancestry.has(block.root)) return ancestry;
  const next = new Map(ancestry);
  next.set(block.root, { slot: block.slot, parentRoot: block.parentRoot });
  if (next.size > maxBlocks) {
    const bySlot = [...next].sort(([, a], [, b]) => a.slot - b.slot);
    for (const [root] of bySlot.slice(0, next.size - Math.floor((maxBlocks * 3) / 4))) next.delete(root);
  }
  return next;
}

/** Is `ancestor` in the ancestry of `head` (or the same block)? `missing` names the block whose parent is not known yet. */
export function holds(
  ancestry: Ancestry,
  head: BlockRef,
  ancestor: BlockRef,
): { kind: "yes" } | { kind: "no" } | { kind: "unknown"; missing: string } {
  let root = head.root;
  for (let step = 0; step <= maxBlocks; step++) {
    if (root === ancestor.root) return { kind: "yes" };
    const block = ancestry.get(root);
    const slot = block?.slot ?? (root === head.root ? head.slot : undefined);
    if (slot !== undefined && slot <= ancestor.slot) return { kind: "no" };
    if (block === undefined) return { kind: "unknown", missing: root };
    root = block.parentRoot;
  }
  return { kind: "no" };
}

export type Relation =
  /** One is in the ancestry of the other, or they part after the floor. */
  | { kind: "same" }
  | { kind: "different" }
  /** `missing` must be looked up at a node that follows the first or the second head. */
  | { kind: "unknown"; missing: string; side: "first" | "second" };

/**
 * Do two heads share a branch? They do when they part above `floorSlot` (the start of the justified epoch), or when one
 * descends from the other.
 */
export function relate(ancestry: Ancestry, first: BlockRef, second: BlockRef, floorSlot: number): Relation {
  let a = first.root;
  let b = second.root;
  // A head that is itself below the floor may still be on the other's line.
  const lastSlot = Math.min(floorSlot, first.slot, second.slot);
  for (let step = 0; step <= 2 * maxBlocks; step++) {
    if (a === b) {
      if (a === first.root || a === second.root) return { kind: "same" };
      const slot = ancestry.get(a)?.slot;
      if (slot === undefined) return { kind: "unknown", missing: a, side: "first" };
      return slot > floorSlot ? { kind: "same" } : { kind: "different" };
    }
    const slotA = a === first.root ? first.slot : ancestry.get(a)?.slot;
    const slotB = b === second.root ? second.slot : ancestry.get(b)?.slot;
    if (slotA === undefined) return { kind: "unknown", missing: a, side: "first" };
    if (slotB === undefined) return { kind: "unknown", missing: b, side: "second" };
    if (slotA <= lastSlot && slotB <= lastSlot) return { kind: "different" };
    if (slotA >= slotB) {
      const parent = ancestry.get(a)?.parentRoot;
      if (parent === undefined) return { kind: "unknown", missing: a, side: "first" };
      a = parent;
    } else {
      const parent = ancestry.get(b)?.parentRoot;
      if (parent === undefined) return { kind: "unknown", missing: b, side: "second" };
      b = parent;
    }
  }
  return { kind: "different" };
}
