import { addTotals, emptyTotals } from "../totals.ts";
import type { CohortTotals, DutyTotals } from "../types.ts";

/** Cohorts over a span of epochs, each beside the same span before. */
export interface CohortSums extends CohortTotals {
  previous: DutyTotals | undefined;
}

/** Sums rows by cohort. `rows` oldest first; those below `fromEpoch` are the span before. Largest cohorts first. */
export function sumCohorts(
  rows: readonly (CohortTotals & { epoch: number })[],
  fromEpoch: number,
  limit: number,
): { cohorts: readonly CohortSums[]; cut: number } {
  const sums = new Map<string, { key: string; value: string; now?: DutyTotals; before?: DutyTotals }>();
  for (const { key, value, totals, epoch } of rows) {
    const name = `${key}\u0000${value}`;
    const sum = sums.get(name) ?? { key, value };
    if (epoch >= fromEpoch) sum.now = sum.now ? addTotals(sum.now, totals, "epochs") : totals;
    else sum.before = sum.before ? addTotals(sum.before, totals, "epochs") : totals;
    sums.set(name, sum);
  }
  const all = [...sums.values()]
    .flatMap(({ key, value, now, before }) => (now ? [{ key, value, totals: now, previous: before }] : []))
    .sort((a, b) => b.totals.validators - a.totals.validators || a.value.localeCompare(b.value));
  return { cohorts: all.slice(0, limit), cut: Math.max(0, all.length - limit) };
}

/** Sums over epochs, oldest first. */
export function sumEpochs(totals: readonly DutyTotals[]): DutyTotals {
  return (
    totals.reduce<DutyTotals | undefined>((sum, next) => (sum ? addTotals(sum, next, "epochs") : next), undefined) ??
    emptyTotals()
  );
}
