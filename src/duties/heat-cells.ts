import { dutyBits } from "./types.ts";

/** One attestation duty as one byte, for pages that show very many. */
export const heatCells = {
  unknown: 0,
  unassigned: 1,
  perfect: 2,
  wrongHead: 3,
  late: 4,
  wrongTarget: 5,
  missed: 6,
  slashed: 7,
} as const;

/** The worst that is true of a duty: slashed, missed, wrong target, wrong head, late (effective delay over 1, or source not timely). */
export function heatCellOf(duty: number, delay: number, emptySlots: number): number {
  if ((duty & dutyBits.slashed) !== 0) return heatCells.slashed;
  if ((duty & dutyBits.assigned) === 0) return heatCells.unassigned;
  if ((duty & dutyBits.included) === 0) return heatCells.missed;
  if ((duty & dutyBits.timelyTarget) === 0) return heatCells.wrongTarget;
  if ((duty & dutyBits.timelyHead) !== 0) return heatCells.perfect;
  return delay - emptySlots > 1 || (duty & dutyBits.timelySource) === 0 ? heatCells.late : heatCells.wrongHead;
}
