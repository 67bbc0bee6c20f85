import type { CohortTable } from "../../api/contract-duties.ts";
import { effectivenessOf } from "../../duties/totals.ts";
import type { DutyTotals } from "../../duties/types.ts";
import { textTable } from "../text-table.ts";
import { mean, percent, plural, shareOf } from "./amounts.ts";

const columns = [
  "cohort",
  "validators",
  "stake",
  "uptime",
  "before",
  "by stake",
  "head",
  "eff. delay",
  "effectiveness",
] as const;

/** Each cohort over the last epochs, beside the network. `cut`: rows beyond these are counted. */
export function cohortsText(table: CohortTable, most: number): string {
  const shown = table.cohorts.slice(0, most);
  const rows = [
    row("everybody", table.network, undefined),
    ...shown.map(({ key, value, totals, previous }) => row(key === "" ? "ours" : `${key}=${value}`, totals, previous)),
  ];
  const cut = table.cut + table.cohorts.length - shown.length;
  const lines = [
    table.epochs === 0
      ? "No epoch is judged yet."
      : `${plural(table.epochs, "epoch")}, ${table.fromEpoch} to ${table.toEpoch}; before: as many epochs before them`,
    ...textTable([columns, ...rows]),
    ...(cut > 0 ? [`${cut} more cohorts are not shown`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const uptime = ({ included, assigned }: DutyTotals) => percent(shareOf(included, assigned));

function row(name: string, totals: DutyTotals, previous: DutyTotals | undefined): string[] {
  return [
    name,
    String(totals.validators),
    totals.stake > 0 ? String(totals.stake) : "unknown",
    uptime(totals),
    previous ? uptime(previous) : "-",
    percent(shareOf(totals.stakeIncluded, totals.stakeAssigned)),
    percent(shareOf(totals.timelyHead, totals.assigned)),
    mean(totals.effectiveDelaySum, totals.included),
    percent(effectivenessOf(totals)),
  ];
}
