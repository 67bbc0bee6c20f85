import type { CanonicalView } from "./canonical-view.ts";

/** Slots without a block between a duty and its inclusion, remembered by slot and delay (255 stands for itself). */
export function emptySlotsOf(chain: CanonicalView, firstSlot: number): (slotInEpoch: number, delay: number) => number {
  const known = new Map<number, number>();
  return (slotInEpoch, delay) => {
    if (delay <= 1) return 0;
    const key = slotInEpoch * 256 + delay;
    let empty = known.get(key);
    if (empty === undefined) {
      const slot = firstSlot + slotInEpoch;
      empty = Math.min(254, chain.emptyBetween(slot, slot + delay));
      known.set(key, empty);
    }
    return empty;
  };
}
