import type { Committees } from "../chain/committees.ts";

/** The answer of a whole epoch, 10 MB for a million validators, as long as its committees are at hand. */
const kept = {
  right: new WeakMap<Committees, readonly Buffer[]>(),
  swapped: new WeakMap<Committees, readonly Buffer[]>(),
};

/**
 * The `data` of committees as JSON; `slot` and `index` choose, as the query does. Swapped as Lodestar 1.5.1 does it: what is
 * called index is the slot, counted within the epoch, and the filters go by the names that are exchanged.
 */
export function committeesJson(
  set: Committees,
  firstSlot: number,
  slotsPerEpoch: number,
  isSwapped: boolean,
  wanted: { slot: string | null; index: string | null },
): readonly Buffer[] {
  const isWhole = wanted.slot === null && wanted.index === null;
  const cache = isSwapped ? kept.swapped : kept.right;
  const known = isWhole ? cache.get(set) : undefined;
  if (known) return known;
  const pieces: Buffer[] = [];
  for (let slotInEpoch = 0; slotInEpoch < slotsPerEpoch; slotInEpoch++) {
    const slot = String(isSwapped ? slotInEpoch : firstSlot + slotInEpoch);
    const [wantedSlot, wantedIndex] = isSwapped ? [wanted.index, wanted.slot] : [wanted.slot, wanted.index];
    if (wantedSlot !== null && wantedSlot !== slot) continue;
    for (let index = 0; index < set.committeesPerSlot; index++) {
      if (wantedIndex !== null && wantedIndex !== String(index)) continue;
      const [first, second] = isSwapped ? [slot, index] : [index, slot];
      const members = set.members(slotInEpoch, index).join('","');
      const list = members === "" ? "" : `"${members}"`;
      const lead = pieces.length === 0 ? "[" : ",";
      pieces.push(Buffer.from(`${lead}{"index":"${first}","slot":"${second}","validators":[${list}]}`));
    }
  }
  pieces.push(Buffer.from(pieces.length === 0 ? "[]" : "]"));
  const whole = [Buffer.concat(pieces)];
  if (isWhole) cache.set(set, whole);
  return whole;
}
