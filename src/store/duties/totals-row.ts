import { AppError } from "../../lib/app-error.ts";
import type { DutyTotals } from "../../duties/types.ts";
import { toNumber, type StoredInteger } from "../codec.ts";

/** Their order is that of stored JSON: new ones are added at the end, none is taken out. */
export const totalsKeys = [
  ...(["validators", "stake", "assigned", "included", "timelySource", "timelyTarget", "timelyHead"] as const),
  ...(["delaySum", "effectiveDelaySum", "stakeAssigned", "stakeIncluded", "stakeTarget", "stakeHead"] as const),
  ...(["earned", "ideal", "proposals", "proposed", "syncDuties", "syncHits", "syncEarned", "syncIdeal"] as const),
  "slashed",
] as const satisfies readonly (keyof DutyTotals)[];

/** Of several epochs these are the newest one's, all others are sums. */
export const standingKeys = ["validators", "stake", "slashed"] as const satisfies readonly (keyof DutyTotals)[];

type Missing = Exclude<keyof DutyTotals, (typeof totalsKeys)[number]>;
/** Fails to compile when a total has no place in the list. */
const _complete: [Missing] extends [never] ? true : Missing = true;
void _complete;

/** Throws `AppError` where a sum is no whole number that fits: half a gwei would be a defect upstream of the store. */
export function wholeTotals(totals: DutyTotals): DutyTotals {
  for (const key of totalsKeys)
    if (!Number.isSafeInteger(totals[key]))
      throw new AppError(`store duty totals: ${key} is ${totals[key]}, no whole number. This is a defect: report it.`, {
        code: "store-codec",
      });
  return totals;
}

export function totalsRow(totals: DutyTotals): DutyTotals {
  const whole = wholeTotals(totals);
  return Object.fromEntries(totalsKeys.map((key) => [key, whole[key]])) as unknown as DutyTotals;
}

export function totalsOf(row: Readonly<Record<keyof DutyTotals, StoredInteger>>): DutyTotals {
  return Object.fromEntries(totalsKeys.map((key) => [key, toNumber(row[key])])) as unknown as DutyTotals;
}

export function totalsText(totals: DutyTotals): string {
  const whole = wholeTotals(totals);
  return JSON.stringify(totalsKeys.map((key) => whole[key]));
}

export function totalsOfText(text: string): DutyTotals {
  const values = JSON.parse(text) as readonly number[];
  return Object.fromEntries(totalsKeys.map((key, place) => [key, values[place] ?? 0])) as unknown as DutyTotals;
}
