import type { CohortTotals, DutyTotals } from "../../duties/types.ts";
import { cohortKey } from "./kept-epoch.ts";
import { epochMsOf, type EpochTiming } from "./types.ts";

const dayMs = 86_400_000;
const days = 7;

/** Sums of a cohort's included attestations and their extra slots, by day of the chain. In place: there are thousands. */
export interface LatenessBaseline {
  byCohort: Map<string, Map<number, { extra: number; included: number; epochs: number }>>;
  /** Each epoch counts once, in the state that comes first. */
  counted: Set<number>;
}

export function noLateness(): LatenessBaseline {
  return { byCohort: new Map(), counted: new Set() };
}

/** How many epochs a baseline of 7 days looks back. */
export function baselineEpochs(timing: EpochTiming): number {
  return Math.ceil((days * dayMs) / epochMsOf(timing));
}

/** Adds the cohorts of one epoch. */
export function addLateness(
  { byCohort }: LatenessBaseline,
  timing: EpochTiming,
  epoch: number,
  cohorts: readonly CohortTotals[],
): void {
  const day = dayOf(timing, epoch);
  for (const { key, value, totals } of cohorts) {
    const name = cohortKey(key, value);
    const sums = byCohort.get(name) ?? new Map<number, { extra: number; included: number; epochs: number }>();
    byCohort.set(name, sums);
    addTo(sums, day, totals);
    for (const old of sums.keys()) if (old < day - days) sums.delete(old);
  }
}

function addTo(
  sums: Map<number, { extra: number; included: number; epochs: number }>,
  day: number,
  { effectiveDelaySum, included }: DutyTotals,
): void {
  const { extra, included: before, epochs } = sums.get(day) ?? { extra: 0, included: 0, epochs: 0 };
  const more = Math.max(0, effectiveDelaySum - included);
  sums.set(day, { extra: extra + more, included: before + included, epochs: epochs + 1 });
}

/** Usual extra slots per attestation up to an epoch; `undefined` until a day's worth of epochs is known. */
export function usualLateness(
  { byCohort }: LatenessBaseline,
  timing: EpochTiming,
  key: string,
  epoch: number,
): number | undefined {
  const from = dayOf(timing, epoch) - days;
  let [extra, included, epochs] = [0, 0, 0];
  for (const [day, sums] of byCohort.get(key) ?? []) {
    if (day < from) continue;
    extra += sums.extra;
    included += sums.included;
    epochs += sums.epochs;
  }
  return included === 0 || epochs * epochMsOf(timing) < dayMs ? undefined : extra / included;
}

function dayOf(timing: EpochTiming, epoch: number): number {
  return Math.floor((epoch * epochMsOf(timing)) / dayMs);
}
