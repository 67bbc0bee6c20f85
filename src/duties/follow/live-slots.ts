import type { LiveSlot } from "../live-slot.ts";
import type { BlockChain } from "./block-chain.ts";
import type { OpenEpoch } from "./open-epoch.ts";

/** The epoch's slots, first first. Nothing here is a verdict: a vote may still be included until the end of the next epoch. */
export function liveSlots(
  open: OpenEpoch,
  chain: BlockChain,
  slotsPerEpoch: number,
  currentSlot: number,
): readonly LiveSlot[] {
  const first = open.epoch * slotsPerEpoch;
  return Array.from({ length: slotsPerEpoch }, (_, position) => {
    const slot = first + position;
    const all = open.ledger.slotCounts(slot);
    const own = open.ledger.watchedCounts(slot);
    return {
      ...{ slot, block: blockOf(slot, chain, currentSlot) },
      ...{ assigned: all.assigned, included: all.included, ownAssigned: own.assigned, ownIncluded: own.included },
    };
  });
}

function blockOf(slot: number, chain: BlockChain, currentSlot: number): LiveSlot["block"] {
  if (chain.hasBlock(slot)) return "proposed";
  if (slot >= currentSlot || slot > (chain.head?.slot ?? -1)) return "awaited";
  return chain.orphanAt(slot) === undefined ? "missed" : "orphaned";
}
