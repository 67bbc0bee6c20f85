import { createStream } from "../hash.ts";
import type { Preset } from "../preset.ts";

/** Who attests when in one epoch. */
export interface Committees {
  committeesPerSlot: number;
  /** Where a committee begins in `slotMembers`; that of `committeesPerSlot` is the end. */
  start(slotInEpoch: number, committee: number): number;
  /** Validator indices of one committee; `slotInEpoch` counts from 0. */
  members(slotInEpoch: number, committee: number): Uint32Array;
  /** Members of all committees of a slot, one committee after the other. */
  slotMembers(slotInEpoch: number): Uint32Array;
}

/** consensus-specs `get_committee_count_per_slot`. */
export function committeesPerSlot(active: number, slotsPerEpoch: number, preset: Preset): number {
  const wanted = Math.floor(Math.floor(active / slotsPerEpoch) / preset.targetCommitteeSize);
  return Math.max(1, Math.min(preset.maxCommitteesPerSlot, wanted));
}

/**
 * Shuffles the active validators into committees. The shuffle is deterministic and fair, and not the specification's
 * swap-or-not: a million validators take some tens of milliseconds.
 */
export function shuffleCommittees(
  active: Uint32Array,
  seed: Uint8Array,
  slotsPerEpoch: number,
  preset: Preset,
): Committees {
  const shuffled = Uint32Array.from(active);
  const next = createStream(seed);
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = next() % (last + 1);
    const moved = shuffled[last] ?? 0;
    shuffled[last] = shuffled[other] ?? 0;
    shuffled[other] = moved;
  }
  const perSlot = committeesPerSlot(active.length, slotsPerEpoch, preset);
  const total = perSlot * slotsPerEpoch;
  const cut = (position: number) => Math.floor((shuffled.length * position) / total);
  return {
    committeesPerSlot: perSlot,
    start: (slotInEpoch, committee) => cut(slotInEpoch * perSlot + committee) - cut(slotInEpoch * perSlot),
    members(slotInEpoch, committee) {
      const position = slotInEpoch * perSlot + committee;
      return shuffled.subarray(cut(position), cut(position + 1));
    },
    slotMembers: (slotInEpoch) => shuffled.subarray(cut(slotInEpoch * perSlot), cut((slotInEpoch + 1) * perSlot)),
  };
}
