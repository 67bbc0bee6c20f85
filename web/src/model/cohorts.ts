import type { CohortTable } from "../../../src/api/contract-duties.ts";
import type { DutyTotals } from "../../../src/duties/types.ts";
import { shareOf } from "./amounts.ts";

/** Whether duties are counted by validators or weighed by effective balance. */
export type CountedBy = "validators" | "stake";

/** What the table shows of one set of validators; `undefined` is unknown or not asked. Amounts in gwei, stake in increments. */
export interface CohortFigures {
  validators: number;
  stake: number;
  uptime: number | undefined;
  effectiveness: number | undefined;
  missed: number | undefined;
  wrongHead: number | undefined;
  /** Slots, empty ones excused. */
  delay: number | undefined;
  sync: number | undefined;
  proposals: number | undefined;
  lost: number | undefined;
}

export type FigureKey = keyof CohortFigures;

export function figuresOf(totals: DutyTotals, by: CountedBy): CohortFigures {
  const isByStake = by === "stake";
  const assigned = isByStake ? totals.stakeAssigned : totals.assigned;
  const included = isByStake ? totals.stakeIncluded : totals.included;
  const head = isByStake ? totals.stakeHead : totals.timelyHead;
  const isKnown = assigned > 0;
  const hasRewards = totals.ideal > 0 || totals.syncIdeal > 0;
  return {
    validators: totals.validators,
    stake: totals.stake,
    uptime: shareOf(included, assigned),
    effectiveness: shareOf(totals.earned, totals.ideal),
    missed: isKnown ? assigned - included : undefined,
    wrongHead: isKnown ? included - head : undefined,
    delay: shareOf(totals.effectiveDelaySum, totals.included),
    sync: shareOf(totals.syncHits, totals.syncDuties),
    proposals: shareOf(totals.proposed, totals.proposals),
    lost: hasRewards ? totals.ideal - totals.earned + totals.syncIdeal - totals.syncEarned : undefined,
  };
}

export interface CohortRow {
  key: string;
  value: string;
  totals: DutyTotals;
  figures: CohortFigures;
  previous: CohortFigures | undefined;
}

/** The labels that the table can be cut by, the most telling first; the whole watched set has none. */
const usualKeys = ["customer", "operator", "validatorClient", "client", "group", "host", "provider", "region"];

export function cohortKeys(table: CohortTable): readonly string[] {
  const keys = [...new Set(table.cohorts.map(({ key }) => key))].filter((key) => key !== "");
  const rank = (key: string) => (usualKeys.includes(key) ? usualKeys.indexOf(key) : usualKeys.length);
  return keys.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Rows of one label; without one, the whole watched set alone. */
export function cohortRows(table: CohortTable, key: string, by: CountedBy): readonly CohortRow[] {
  return table.cohorts
    .filter((cohort) => cohort.key === key)
    .map(({ value, totals, previous }) => ({
      ...{ key, value, totals },
      figures: figuresOf(totals, by),
      previous: previous === undefined ? undefined : figuresOf(previous, by),
    }));
}

/** Shares and delay can be held against others'; sums are held against others' per duty, in `shareFigure`. */
export const isBetterHigh = (key: FigureKey): boolean =>
  key === "uptime" || key === "effectiveness" || key === "sync" || key === "proposals";

/** A sum as share of the duties asked (`missed`, `wrongHead`), so that sets of different size compare; others as they are. */
export function comparable(figures: CohortFigures, key: FigureKey, totals: DutyTotals, by: CountedBy) {
  if (key !== "missed" && key !== "wrongHead") return figures[key];
  const value = figures[key];
  return value === undefined ? undefined : shareOf(value, by === "stake" ? totals.stakeAssigned : totals.assigned);
}

export const cohortSorts = ["value", "validators", "stake", "uptime", "effectiveness", "missed", "wrongHead"] as const;
export const moreSorts = ["delay", "sync", "proposals", "lost"] as const;
export const allSorts = [...cohortSorts, ...moreSorts] as const;
export type CohortSort = (typeof allSorts)[number];

/** By name rising; sizes and losses falling; shares rising, so that the worst stands on top. Unknown comes last, either way. */
export function sortCohorts(rows: readonly CohortRow[], sort: CohortSort, isReversed: boolean): readonly CohortRow[] {
  if (sort === "value") {
    const byName = [...rows].sort((a, b) => a.value.localeCompare(b.value, "en", { numeric: true }));
    return isReversed ? byName.reverse() : byName;
  }
  const direction = (isBetterHigh(sort) ? 1 : -1) * (isReversed ? -1 : 1);
  return [...rows].sort((a, b) => {
    const [left, right] = [a.figures[sort], b.figures[sort]];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return (left - right) * direction || a.value.localeCompare(b.value);
  });
}
