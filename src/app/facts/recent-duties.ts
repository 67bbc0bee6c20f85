import { addTotals } from "../../duties/totals.ts";
import type { DutyTotals } from "../../duties/types.ts";
import type { KeptEpoch } from "./kept-epoch.ts";

/** The newest judged epochs by number. Facts are about the newest of them. */
export interface RecentDuties {
  newest: KeptEpoch | undefined;
  epochs: ReadonlyMap<number, KeptEpoch>;
}

export const noDuties: RecentDuties = { newest: undefined, epochs: new Map() };

/** Takes in an epoch in whatever state; a later judgement replaces the earlier. Keeps `keep` epochs up to the newest. */
export function withEpoch({ newest, epochs }: RecentDuties, kept: KeptEpoch, keep: number): RecentDuties {
  const last = newest && newest.epoch > kept.epoch ? newest : kept;
  if (kept.epoch <= last.epoch - keep) return { newest, epochs };
  const next = new Map([...epochs].filter(([epoch]) => epoch > last.epoch - keep));
  next.set(kept.epoch, kept);
  return { newest: last, epochs: next };
}

/** Sums of one cohort over the last epochs, newest included; `undefined` where an epoch or its cohort is not known. */
export function sumOver(
  { newest, epochs }: RecentDuties,
  count: number,
  pick: (kept: KeptEpoch) => DutyTotals | undefined,
): DutyTotals | undefined {
  if (!newest) return undefined;
  let sum: DutyTotals | undefined;
  for (let epoch = newest.epoch - count + 1; epoch <= newest.epoch; epoch += 1) {
    const kept = epochs.get(epoch);
    const totals = kept && pick(kept);
    if (!totals) return undefined;
    sum = sum ? addTotals(sum, totals, "epochs") : totals;
  }
  return sum;
}
