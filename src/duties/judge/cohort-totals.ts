import { emptyTotals } from "../totals.ts";
import { dutyBits, type CohortTotals, type DutyTotals, type EpochColumns, type SyncOutcome } from "../types.ts";
import type { CohortMembers } from "./judge-input.ts";
import type { JudgedProposal } from "./proposal-outcomes.ts";

/** Sums of the whole watched set (key and value empty, first) and of each cohort. */
export function cohortTotals(
  columns: EpochColumns,
  cohorts: readonly CohortMembers[],
  proposals: readonly JudgedProposal[],
  sync: readonly SyncOutcome[],
  positionOf: (validatorIndex: number) => number | undefined,
): CohortTotals[] {
  /** What only few have. */
  const rare = new Map<number, DutyTotals>();
  const rareOf = (validatorIndex: number): DutyTotals => {
    const position = positionOf(validatorIndex)!;
    const totals = rare.get(position) ?? emptyTotals();
    rare.set(position, totals);
    return totals;
  };
  for (const { proposal } of proposals) {
    const totals = rareOf(proposal.validatorIndex);
    totals.proposals += 1;
    if (proposal.outcome === "proposed") totals.proposed += 1;
  }
  for (const outcome of sync) {
    const totals = rareOf(outcome.validatorIndex);
    totals.syncDuties += outcome.duties;
    totals.syncHits += outcome.hits;
    if (outcome.earned === undefined || outcome.ideal === undefined) continue;
    totals.syncEarned += outcome.earned;
    totals.syncIdeal += outcome.ideal;
  }
  const everybody = Uint32Array.from(columns.indices, (_, position) => position);
  return [{ key: "", value: "", members: everybody }, ...cohorts].map(({ key, value, members }) => ({
    key,
    value,
    totals: sumOf(columns, members, rare),
  }));
}

function sumOf(columns: EpochColumns, members: Uint32Array, rare: ReadonlyMap<number, DutyTotals>): DutyTotals {
  const totals = emptyTotals();
  totals.validators = members.length;
  for (const position of members) {
    const duty = columns.duty[position]!;
    const stake = columns.effectiveBalance[position]!;
    totals.stake += stake;
    totals.earned += columns.earned[position]!;
    totals.ideal += columns.ideal[position]!;
    if ((duty & dutyBits.slashed) !== 0) totals.slashed += 1;
    if ((duty & dutyBits.assigned) !== 0) {
      totals.assigned += 1;
      totals.stakeAssigned += stake;
    }
    if ((duty & dutyBits.included) !== 0) {
      totals.included += 1;
      totals.stakeIncluded += stake;
      totals.delaySum += columns.delay[position]!;
      totals.effectiveDelaySum += columns.delay[position]! - columns.emptySlots[position]!;
    }
    if ((duty & dutyBits.timelySource) !== 0) totals.timelySource += 1;
    if ((duty & dutyBits.timelyTarget) !== 0) {
      totals.timelyTarget += 1;
      totals.stakeTarget += stake;
    }
    if ((duty & dutyBits.timelyHead) !== 0) {
      totals.timelyHead += 1;
      totals.stakeHead += stake;
    }
    const more = rare.size === 0 ? undefined : rare.get(position);
    if (more === undefined) continue;
    totals.proposals += more.proposals;
    totals.proposed += more.proposed;
    totals.syncDuties += more.syncDuties;
    totals.syncHits += more.syncHits;
    totals.syncEarned += more.syncEarned;
    totals.syncIdeal += more.syncIdeal;
  }
  return totals;
}
