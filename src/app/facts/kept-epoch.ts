import { recentOutcomeOf, recentOutcomes } from "../../alerts/underperforming.ts";
import {
  dutyBits,
  type DutyTotals,
  type EpochColumns,
  type EpochResult,
  type SyncOutcome,
} from "../../duties/types.ts";

/** Labels that facts about duties may carry, those that matter most to people first. */
export const subjectKeys = ["customer", "group", "operator", "region", "validatorClient", "provider"] as const;

/** What of a judged epoch facts are made from. Columns have one entry per validator, in the order of `indices`. */
export interface KeptEpoch {
  epoch: number;
  indices: Uint32Array;
  /** `recentOutcomes`. */
  outcomes: Uint8Array;
  /** 0: not included; 1: by the next block; 2: later. */
  inclusion: Uint8Array;
  /** Earned in gwei, attestation and sync committee; NaN throughout where rewards are not known. */
  net: Float64Array;
  stake: Uint16Array;
  network: DutyTotals;
  /** By `cohortKey`; "" for the whole watched set. */
  totals: ReadonlyMap<string, DutyTotals>;
  hasRewards: boolean;
  sync: readonly SyncOutcome[];
  /** Most blocks in a row that were orphaned. */
  reorgDepth: number;
}

export function cohortKey(key: string, value: string): string {
  return key === "" ? "" : `${key}=${value}`;
}

/** Keeps what the rules look at, and lets go of the rest. */
export function keepEpoch(result: EpochResult): KeptEpoch {
  const { epoch, columns, network, sync, rewards } = result;
  const hasRewards = rewards !== "none";
  return {
    ...{ epoch, indices: columns.indices, network, sync, hasRewards },
    ...perValidator(columns, hasRewards, sync),
    stake: columns.effectiveBalance,
    totals: new Map(result.cohorts.map(({ key, value, totals }) => [cohortKey(key, value), totals])),
    reorgDepth: longestOrphaned(result.slots),
  };
}

function perValidator(
  { indices, duty, delay, emptySlots, earned }: EpochColumns,
  hasRewards: boolean,
  sync: readonly SyncOutcome[],
): Pick<KeptEpoch, "outcomes" | "inclusion" | "net"> {
  const size = indices.length;
  const outcomes = new Uint8Array(size);
  const inclusion = new Uint8Array(size);
  const net = hasRewards ? Float64Array.from(earned) : new Float64Array(size).fill(NaN);
  for (let i = 0; i < size; i += 1) {
    const bits = duty[i] ?? 0;
    const isIncluded = (bits & dutyBits.included) !== 0;
    outcomes[i] = recentOutcomeOf({
      // Slashed, it earns nothing whatever it does: that has an alarm of its own.
      isAssigned: (bits & dutyBits.assigned) !== 0 && (bits & dutyBits.slashed) === 0,
      isIncluded,
      hasTimelyTarget: (bits & dutyBits.timelyTarget) !== 0,
    });
    if (isIncluded) inclusion[i] = (delay[i] ?? 0) - (emptySlots[i] ?? 0) > 1 ? 2 : 1;
  }
  const positions = sync.length === 0 ? undefined : new Map(Array.from(indices, (index, at) => [index, at]));
  for (const { validatorIndex, earned: extra } of sync) {
    const at = positions?.get(validatorIndex);
    if (at !== undefined) net[at] = (net[at] ?? NaN) + (extra ?? 0);
  }
  return { outcomes, inclusion, net };
}

function longestOrphaned(slots: EpochResult["slots"]): number {
  let longest = 0;
  let row = 0;
  for (const { block } of slots) {
    row = block === "orphaned" ? row + 1 : 0;
    longest = Math.max(longest, row);
  }
  return longest;
}

/** An epoch of which nothing is known, for so many validators. */
export function unknownOutcomes(size: number): Uint8Array {
  return new Uint8Array(size).fill(recentOutcomes.unknown);
}

/** A column in the order of other validators; `fill` for those that it does not have. Both lists of indices rise. */
export function aligned<T extends Uint8Array | Uint16Array | Float64Array>(
  column: T,
  from: Uint32Array,
  to: Uint32Array,
  fill: number,
): T {
  if (from === to || areEqual(from, to)) return column;
  const result = new (column.constructor as new (size: number) => T)(to.length).fill(fill) as T;
  for (let i = 0, j = 0; i < to.length; i += 1) {
    const index = to[i] as number;
    while (j < from.length && (from[j] as number) < index) j += 1;
    if (from[j] === index) result[i] = column[j] as number;
  }
  return result;
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
