import { slotStartAt, startSlotOfEpoch } from "../chain/slot-clock.ts";
import type { ChainTiming } from "../chain/slot-clock.ts";
import type { SlaEpoch, SlaWindow } from "./types.ts";

/** The epochs of a window, sorted into what is known, what should be, and what is to come. */
export interface WindowEpochs {
  /** Oldest first, also from before the window. */
  known: readonly SlaEpoch[];
  inWindow: readonly SlaEpoch[];
  /** The last epoch of the window of which something is known or should be by now. */
  upTo: number;
  /** Epochs of the window up to `upTo`, known or not, and after it. */
  passed: number;
  toCome: number;
  /** Attestations of the newest known epoch. */
  newestDuties: number;
  epochMs: number;
  startOf(epoch: number): number;
}

export function windowEpochs(
  epochs: readonly SlaEpoch[],
  { fromAt, toAt }: SlaWindow,
  now: number,
  timing: ChainTiming,
): WindowEpochs {
  const { slotsPerEpoch, slotDurationMs } = timing.spec;
  const epochMs = slotsPerEpoch * slotDurationMs;
  const startOf = (epoch: number) => slotStartAt(timing, startSlotOfEpoch(timing.spec, epoch));
  const firstFrom = (at: number) => Math.max(0, Math.ceil((at - timing.genesis.genesisTimeMs) / epochMs));
  const first = firstFrom(fromAt);
  const end = Math.max(first, firstFrom(toAt));

  const known = epochs.filter(({ epoch }) => epoch < end).toSorted((a, b) => a.epoch - b.epoch);
  const inWindow = known.filter(({ epoch }) => epoch >= first);
  const newest = known.at(-1);
  const lastKnown = newest ? newest.epoch + (newest.epochs ?? 1) - 1 : -1;
  // An epoch is judged at the end of the one after it: consensus-specs' inclusion window since Deneb (EIP-7045).
  const lastDue = Math.floor((now - timing.genesis.genesisTimeMs) / epochMs) - 2;
  const upTo = Math.min(end - 1, Math.max(first - 1, lastKnown, lastDue));
  return {
    ...{ known, inWindow, upTo, epochMs, startOf },
    passed: upTo - first + 1,
    toCome: end - 1 - upTo,
    newestDuties: newest ? Math.floor(newest.assigned / (newest.epochs ?? 1)) : 0,
  };
}
