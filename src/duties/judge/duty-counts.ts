import { dutyBits } from "../types.ts";
import type { DutyCounts } from "./lost-duty.ts";

export function newCounts(): DutyCounts {
  return { assigned: 0, included: 0, timelySource: 0, timelyTarget: 0, timelyHead: 0 };
}

/** Counts one validator's `dutyBits`, except `assigned`. */
export function addBits(counts: DutyCounts, bits: number): void {
  if ((bits & dutyBits.included) !== 0) counts.included += 1;
  if ((bits & dutyBits.timelySource) !== 0) counts.timelySource += 1;
  if ((bits & dutyBits.timelyTarget) !== 0) counts.timelyTarget += 1;
  if ((bits & dutyBits.timelyHead) !== 0) counts.timelyHead += 1;
}
