import { effectivenessOf } from "../../duties/totals.ts";
import type { DutyTotals } from "../../duties/types.ts";
import { textTable } from "../text-table.ts";
import { mean, percent, shareOf } from "./amounts.ts";

const columns = ["", "validators", "attestations", "included", "source", "target", "head", "eff. delay"] as const;

/** Sums as a table, one line for each name: for the same duties of ours and of everybody, beside each other. */
export function totalsTable(rows: readonly (readonly [name: string, totals: DutyTotals])[]): string[] {
  const hasRewards = rows.some(([, totals]) => effectivenessOf(totals) !== undefined);
  const lines = rows.map(([name, totals]) => [
    name,
    String(totals.validators),
    String(totals.assigned),
    percent(shareOf(totals.included, totals.assigned)),
    percent(shareOf(totals.timelySource, totals.assigned)),
    percent(shareOf(totals.timelyTarget, totals.assigned)),
    percent(shareOf(totals.timelyHead, totals.assigned)),
    mean(totals.effectiveDelaySum, totals.included),
    ...(hasRewards ? [percent(effectivenessOf(totals))] : []),
  ]);
  return textTable([[...columns, ...(hasRewards ? ["effectiveness"] : [])], ...lines]);
}

/** Proposals and sync committee of a totals row, where there were any. */
export function otherTotals({ proposals, proposed, syncDuties, syncHits, slashed }: DutyTotals): string[] {
  return [
    ...(proposals > 0 ? [`blocks: ${proposed} of ${proposals} proposed`] : []),
    ...(syncDuties > 0
      ? [`sync committee: ${syncHits} of ${syncDuties} signed (${percent(syncHits / syncDuties)})`]
      : []),
    ...(slashed > 0 ? [`SLASHED: ${slashed}`] : []),
  ];
}
