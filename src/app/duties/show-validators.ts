import type { NextDutiesPage, ValidatorDetail, ValidatorRow, ValidatorsPage } from "../../api/contract-duties.ts";
import type { ValidatorQuery } from "../../api/ports-duties.ts";
import { heatCells } from "../../duties/heat-cells.ts";
import { placeOf, type EpochCells } from "../../duties/read/cell-cache.ts";
import type { DutyTotals, ValidatorRecord } from "../../duties/types.ts";
import type { FleetInventory, FleetValidator } from "../../fleet/validator.ts";

export interface RowFacts {
  record(index: number): ValidatorRecord | undefined;
  /** The newest epochs, oldest first. */
  cells: readonly EpochCells[];
}

export function showRow(validator: FleetValidator, { record, cells }: RowFacts): ValidatorRow {
  const { index, pubkey, labels } = validator;
  const known = index === undefined ? undefined : record(index);
  return {
    index,
    pubkey: pubkey ?? known?.pubkey,
    labels,
    status: known?.status ?? "unknown",
    effectiveBalance: known?.effectiveBalance,
    balance: known?.balance,
    recent: cells.map((epoch) => {
      const place = index === undefined ? -1 : placeOf(epoch.indices, index);
      return place < 0 ? heatCells.unknown : (epoch.cells[place] ?? heatCells.unknown);
    }),
  };
}

/** Validators by index, those without one last, by key. `after` is the id of the last one on the page before. */
export function showValidators(
  validators: readonly FleetValidator[],
  { search, key, value, after, limit }: ValidatorQuery,
  facts: RowFacts,
): ValidatorsPage {
  const words = search?.trim().toLowerCase() ?? "";
  const found = validators.filter(
    (validator) => isOfCohort(validator, key, value) && (words === "" || isFoundBy(validator, words)),
  );
  found.sort(byIndexThenKey);
  const start = after === undefined ? 0 : found.findIndex((validator) => idOf(validator) === after) + 1;
  const items = found.slice(start, start + limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && start + items.length < found.length;
  return {
    total: found.length,
    items: items.map((validator) => showRow(validator, facts)),
    ...(hasMore && { nextAfter: idOf(last) }),
  };
}

export function isOfCohort({ labels }: FleetValidator, key: string | undefined, value: string | undefined): boolean {
  if (!key) return true;
  return value === undefined ? labels[key] !== undefined : labels[key] === value;
}

function isFoundBy({ index, pubkey, labels }: FleetValidator, words: string): boolean {
  if (/^\d+$/.test(words) && index !== undefined && String(index).startsWith(words)) return true;
  const hex = words.replace(/^0x/, "");
  if (hex.length >= 4 && pubkey?.includes(hex)) return true;
  return Object.entries(labels).some(
    ([name, text]) => text.toLowerCase().includes(words) || `${name}=${text}`.toLowerCase() === words,
  );
}

function byIndexThenKey(a: FleetValidator, b: FleetValidator): number {
  return (a.index ?? Infinity) - (b.index ?? Infinity) || (a.pubkey ?? "").localeCompare(b.pubkey ?? "") || 0;
}

function idOf({ index, pubkey }: FleetValidator): string {
  return index === undefined ? (pubkey ?? "") : String(index);
}

export function showDetail(
  validator: FleetValidator,
  facts: RowFacts & { inventory: FleetInventory; next: NextDutiesPage["duties"]; totals: DutyTotals; epochs: number },
): ValidatorDetail {
  const { index, pubkey } = validator;
  const names = new Set([pubkey, index === undefined ? undefined : `#${index}`]);
  return {
    ...showRow(validator, facts),
    sources: validator.sources,
    conflicts: facts.inventory.conflicts.filter((conflict) => names.has(conflict.validator)),
    next: facts.next.filter(({ validatorIndex }) => validatorIndex === index),
    totals: facts.totals,
    epochs: facts.epochs,
  };
}
