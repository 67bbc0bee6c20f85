import { dutyBits } from "../types.ts";
import type { DutySpec } from "./duty-spec.ts";

/** Participation of the whole chain that rewards depend on, in increments of unslashed validators. */
export interface Participation {
  source: number;
  target: number;
  head: number;
}

/** Rewards of attestations by effective balance in increments. Gwei. */
export interface RewardTable {
  /** Reward less penalty of one attestation with these `dutyBits`. */
  earned(increments: number, duty: number): number;
  /** Of a perfect one. */
  ideal(increments: number): number;
}

/**
 * `get_flag_index_deltas` of Altair and later: exact, with big integers where a product could pass 2^53. `active`: total
 * active balance of N + 1 in increments. In a leak nothing is earned and the growing inactivity penalty is not included
 * (inactivity scores are not to be had over the Beacon API); outside one it is 0 for all but those who came out of a leak.
 */
export function rewardTable(
  spec: DutySpec,
  active: number,
  participation: Participation,
  isLeaking: boolean,
): RewardTable {
  const perIncrement = baseRewardPerIncrement(spec, active);
  const denominator = BigInt(Math.max(1, active)) * BigInt(spec.weightDenominator);
  const cache = new Map<number, PartDeltas>();
  const partsOf = (increments: number): PartDeltas => {
    let parts = cache.get(increments);
    if (parts === undefined) {
      const baseReward = BigInt(increments) * perIncrement;
      const reward = (weight: number, participating: number): number =>
        isLeaking ? 0 : Number((baseReward * BigInt(weight) * BigInt(Math.max(1, participating))) / denominator);
      const penalty = (weight: number): number =>
        Number((baseReward * BigInt(weight)) / BigInt(spec.weightDenominator));
      parts = {
        source: reward(spec.sourceWeight, participation.source),
        target: reward(spec.targetWeight, participation.target),
        head: reward(spec.headWeight, participation.head),
        sourcePenalty: penalty(spec.sourceWeight),
        targetPenalty: penalty(spec.targetWeight),
      };
      cache.set(increments, parts);
    }
    return parts;
  };
  return {
    earned(increments, duty) {
      const parts = partsOf(increments);
      const flags = (duty & dutyBits.slashed) === 0 ? duty : 0;
      return (
        ((flags & dutyBits.timelySource) !== 0 ? parts.source : -parts.sourcePenalty) +
        ((flags & dutyBits.timelyTarget) !== 0 ? parts.target : -parts.targetPenalty) +
        ((flags & dutyBits.timelyHead) !== 0 ? parts.head : 0)
      );
    },
    ideal(increments) {
      const parts = partsOf(increments);
      return parts.source + parts.target + parts.head;
    },
  };
}

interface PartDeltas {
  source: number;
  target: number;
  head: number;
  sourcePenalty: number;
  targetPenalty: number;
}

/** Reward of one seat for one block of `process_sync_aggregate`, in gwei; a missed seat loses the same. */
export function syncSeatReward(spec: DutySpec, activeIncrements: number): number {
  const total = baseRewardPerIncrement(spec, activeIncrements) * BigInt(Math.max(1, activeIncrements));
  const perSlot = (total * BigInt(spec.syncWeight)) / BigInt(spec.weightDenominator) / BigInt(spec.slotsPerEpoch);
  return Number(perSlot / BigInt(spec.syncCommitteeSize));
}

/** What a block's proposer gets for each seat that signed (`process_sync_aggregate`). */
export function proposerSyncShare(spec: DutySpec, seatReward: number): number {
  return Math.floor((seatReward * spec.proposerWeight) / (spec.weightDenominator - spec.proposerWeight));
}

/** `get_base_reward_per_increment`. */
export function baseRewardPerIncrement(spec: DutySpec, activeIncrements: number): bigint {
  const increment = BigInt(spec.effectiveBalanceIncrement);
  return (
    (increment * BigInt(spec.baseRewardFactor)) / integerSquareRoot(BigInt(Math.max(1, activeIncrements)) * increment)
  );
}

/** `integer_squareroot`. */
export function integerSquareRoot(n: bigint): bigint {
  let x = n;
  let y = (x + 1n) / 2n;
  while (y < x) {
    x = y;
    y = (x + n / x) / 2n;
  }
  return x;
}
