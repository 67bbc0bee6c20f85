import { emptyTotals } from "../totals.ts";
import { dutyBits, type DutyTotals, type EpochColumns } from "../types.ts";
import { placeOf } from "./cell-cache.ts";

/** One validator's attestation duty of an epoch as sums; `undefined`: it was not watched then. */
export function columnTotals(columns: EpochColumns, validatorIndex: number): DutyTotals | undefined {
  const place = placeOf(columns.indices, validatorIndex);
  if (place < 0) return undefined;
  const duty = columns.duty[place] ?? 0;
  const has = (bit: number) => ((duty & bit) === 0 ? 0 : 1);
  const stake = columns.effectiveBalance[place] ?? 0;
  const delay = columns.delay[place] ?? 0;
  return {
    ...emptyTotals(),
    ...{ validators: 1, stake, assigned: has(dutyBits.assigned), included: has(dutyBits.included) },
    timelySource: has(dutyBits.timelySource),
    timelyTarget: has(dutyBits.timelyTarget),
    timelyHead: has(dutyBits.timelyHead),
    delaySum: delay,
    effectiveDelaySum: delay - (columns.emptySlots[place] ?? 0),
    stakeAssigned: stake * has(dutyBits.assigned),
    stakeIncluded: stake * has(dutyBits.included),
    stakeTarget: stake * has(dutyBits.timelyTarget),
    stakeHead: stake * has(dutyBits.timelyHead),
    earned: columns.earned[place] ?? 0,
    ideal: columns.ideal[place] ?? 0,
    slashed: has(dutyBits.slashed),
  };
}
