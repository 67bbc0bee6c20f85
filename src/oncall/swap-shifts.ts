import type { Override, Shift } from "./types.ts";

/** Two people take each other's shift: the overrides that say so. */
export function swapShifts(first: Shift, second: Shift): [Override, Override] {
  return [
    { fromAt: first.fromAt, toAt: first.toAt, person: second.person },
    { fromAt: second.fromAt, toAt: second.toAt, person: first.person },
  ];
}
