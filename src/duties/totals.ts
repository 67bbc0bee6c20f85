import type { DutyTotals } from "./types.ts";

export function emptyTotals(): DutyTotals {
  return {
    validators: 0,
    stake: 0,
    assigned: 0,
    included: 0,
    timelySource: 0,
    timelyTarget: 0,
    timelyHead: 0,
    delaySum: 0,
    effectiveDelaySum: 0,
    stakeAssigned: 0,
    stakeIncluded: 0,
    stakeTarget: 0,
    stakeHead: 0,
    earned: 0,
    ideal: 0,
    proposals: 0,
    proposed: 0,
    syncDuties: 0,
    syncHits: 0,
    syncEarned: 0,
    syncIdeal: 0,
    slashed: 0,
  };
}

/** Sums that say who, not how often: over several epochs the latest counts. */
const standing = ["validators", "stake", "slashed"] as const;

/**
 * Sums of two sets of different validators in one epoch (`sets`), or of the same set in two epochs, older first (`epochs`:
 * its size, stake and slashed are the later ones). Percentages are taken of sums, never averaged.
 */
export function addTotals(a: DutyTotals, b: DutyTotals, over: "sets" | "epochs"): DutyTotals {
  const sum = emptyTotals();
  for (const key of Object.keys(sum) as (keyof DutyTotals)[]) sum[key] = a[key] + b[key];
  if (over === "epochs") for (const key of standing) sum[key] = b[key];
  return sum;
}

/** Included over assigned attestations, 0 to 1; `undefined` where none was assigned. */
export function uptimeOf(totals: DutyTotals): number | undefined {
  return share(totals.included, totals.assigned);
}

/**
 * Earned over ideal in gwei, attestations and sync committee together, at most 1; below 0 where penalties outweigh.
 * `undefined` where no reward is known. Proposals are luck and left out.
 */
export function effectivenessOf(totals: DutyTotals): number | undefined {
  return share(totals.earned + totals.syncEarned, totals.ideal + totals.syncIdeal);
}

/**
 * Attestant's measure: the earliest possible inclusion over the real one, empty slots excused. Of a set it is included
 * over the sum of effective delays, times uptime: one that is not included counts 0. Needs no rewards.
 */
export function inclusionEffectivenessOf(totals: DutyTotals): number | undefined {
  if (totals.assigned === 0) return undefined;
  if (totals.effectiveDelaySum === 0) return 0;
  return (totals.included / totals.effectiveDelaySum) * (totals.included / totals.assigned);
}

export function syncRateOf(totals: DutyTotals): number | undefined {
  return share(totals.syncHits, totals.syncDuties);
}

export function proposalRateOf(totals: DutyTotals): number | undefined {
  return share(totals.proposed, totals.proposals);
}

/** A part of a whole, 0 to 1; `undefined` where there is no whole. */
export function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}
