import type { DutyStore } from "../duties/ports.ts";
import type { DutyTotals } from "../duties/types.ts";
import type { SlaEpoch } from "./types.ts";

export interface SlaEpochsQuery {
  /** The cohort: `customer` and its name, or "" and "" for the whole watched set. */
  key: string;
  value: string;
  fromEpoch: number;
  toEpoch: number;
  /** As in the store's `DutyRetention`. */
  epochsPerDay: number;
  epochsBeforeGenesis?: number;
}

/**
 * What is stored of a cohort, oldest first: by epoch, and by day where the epochs have gone by their tier. Only days that lie in the span
 * as a whole are given: part of a sum is not known. No epoch is in it twice.
 */
export async function slaEpochs(
  store: Pick<DutyStore, "cohorts" | "cohortDays">,
  { key, value, fromEpoch, toEpoch, epochsPerDay, epochsBeforeGenesis = 0 }: SlaEpochsQuery,
): Promise<SlaEpoch[]> {
  const dayOf = (epoch: number) => Math.floor((epoch + epochsBeforeGenesis) / epochsPerDay);
  const firstOf = (day: number) => day * epochsPerDay - epochsBeforeGenesis;
  // Epochs first: a day that is summed up in between is then seen twice, and taken once; the other way round it would be lost.
  const byEpoch = await store.cohorts(fromEpoch, toEpoch, key, value);
  const seen = new Set(byEpoch.map(({ epoch }) => dayOf(epoch)));
  const days = await store.cohortDays(dayOf(fromEpoch), dayOf(toEpoch), key, value);
  const whole = days.filter(
    ({ day }) => !seen.has(day) && Math.max(0, firstOf(day)) >= fromEpoch && firstOf(day) + epochsPerDay - 1 <= toEpoch,
  );
  return [
    ...whole.map(({ day, epochs, totals }) => ({ epoch: Math.max(0, firstOf(day)), epochs, ...sumsOf(totals) })),
    ...byEpoch.map(({ epoch, totals }) => ({ epoch, ...sumsOf(totals) })),
  ].toSorted((a, b) => a.epoch - b.epoch);
}

/** Rewards of attestations and sync committee; proposals are luck, and left out as in `effectivenessOf`. */
function sumsOf({ assigned, included, earned, ideal, syncEarned, syncIdeal }: DutyTotals): Omit<SlaEpoch, "epoch"> {
  return { assigned, included, earned: earned + syncEarned, ideal: ideal + syncIdeal };
}
