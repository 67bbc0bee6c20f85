import type { Fact } from "./fact.ts";
import type { Labels } from "./labels.ts";
import type { AlertReasonCode } from "./reasons.ts";

/** What became of one validator's attestation in one epoch. `bad`: missed, or wrong target. */
export const recentOutcomes = { unknown: 0, good: 1, bad: 2, notAsked: 3 } as const;

export function recentOutcomeOf(duty: { isAssigned: boolean; isIncluded: boolean; hasTimelyTarget: boolean }): number {
  if (!duty.isAssigned) return recentOutcomes.notAsked;
  return duty.isIncluded && duty.hasTimelyTarget ? recentOutcomes.good : recentOutcomes.bad;
}

/** One epoch of the watched validators, one entry per validator, in the same order in every epoch. */
export interface RecentEpoch {
  /** `recentOutcomes`. */
  outcomes: Uint8Array;
  /** The whole network's attestations of the epoch, and those that missed or had the wrong target; 0 of 0: not known. */
  networkAssigned: number;
  networkBad: number;
}

export interface Performance {
  reason: Extract<AlertReasonCode, "underperforming" | "few-keys" | "like-network" | "performance-unknown">;
  /** Validators that are judged, and of them those that underperform. */
  judged: number;
  underperforming: number;
  /** Shares of the judged ones, by count and by stake, 0 to 1; 0 unless the reason is "underperforming", NaN where unknown. */
  byCount: number;
  byStake: number;
  /** The network's own share over the same epochs; 0 where nobody knows it, so that an alarm is rather raised than not. */
  network: number;
}

const badEpochs = 2;
const minKeys = 3;

/**
 * How a set of validators performs over the last three epochs: who missed, or voted for the wrong target, in at least two
 * of them underperforms; as a set, only where at least 3 keys do, and more than in the whole network. `stake` is in
 * any one unit. `members` are positions; absent: all. A validator whose unknown epochs could decide is not judged.
 */
export function performanceOf(
  epochs: readonly RecentEpoch[],
  stake: ArrayLike<number>,
  members: ArrayLike<number> | undefined,
): Performance {
  const size = members?.length ?? stake.length;
  const last = epochs.slice(-3);
  const sums = { judged: 0, bad: 0, open: 0, stake: 0, badStake: 0 };
  for (let i = 0; i < size; i += 1) {
    const at = members?.[i] ?? i;
    const verdict = verdictOf(last, at);
    if (verdict === "open") sums.open += 1;
    if (verdict === "open" || verdict === "not-asked") continue;
    const weight = stake[at] ?? 0;
    sums.judged += 1;
    sums.stake += weight;
    if (verdict === "good") continue;
    sums.bad += 1;
    sums.badStake += weight;
  }
  const network = networkShare(epochs);
  const base = { judged: sums.judged, underperforming: sums.bad, network };
  if (sums.open > sums.judged) return { ...base, reason: "performance-unknown", byCount: NaN, byStake: NaN };
  if (sums.bad < minKeys) return { ...base, reason: "few-keys", byCount: 0, byStake: 0 };
  const byCount = sums.bad / sums.judged;
  const byStake = sums.stake === 0 ? NaN : sums.badStake / sums.stake;
  if (byCount <= network && !(byStake > network)) return { ...base, reason: "like-network", byCount: 0, byStake: 0 };
  return { ...base, reason: "underperforming", byCount, byStake };
}

/** `last`: the last three, or fewer where fewer are known. */
function verdictOf(last: readonly RecentEpoch[], at: number): "good" | "bad" | "open" | "not-asked" {
  let bad = 0;
  let unknown = 3 - last.length;
  let asked = 0;
  for (let i = 0; i < last.length; i += 1) {
    const outcome = last[i]?.outcomes[at] ?? recentOutcomes.unknown;
    if (outcome === recentOutcomes.bad) bad += 1;
    if (outcome === recentOutcomes.unknown) unknown += 1;
    if (outcome !== recentOutcomes.notAsked) asked += 1;
  }
  if (bad >= badEpochs) return "bad";
  if (asked === 0) return unknown > 0 ? "open" : "not-asked";
  return bad + unknown >= badEpochs ? "open" : "good";
}

function networkShare(epochs: readonly RecentEpoch[]): number {
  const last = epochs.slice(-3);
  const assigned = last.reduce((sum, { networkAssigned }) => sum + networkAssigned, 0);
  return assigned === 0 ? 0 : last.reduce((sum, { networkBad }) => sum + networkBad, 0) / assigned;
}

/** The facts `underperforming_ratio` of one cohort; `undefined`: of all watched validators. */
export function performanceFacts(
  { byCount, byStake }: Performance,
  cohort: { key: string; value: string } | undefined,
  at: number,
): Fact[] {
  const name = "underperforming_ratio";
  const labels: Labels = cohort ? { scope: cohort.key, [cohort.key]: cohort.value } : { scope: "all" };
  return [
    { name, labels: { ...labels, by: "count" }, value: byCount, at },
    { name, labels: { ...labels, by: "stake" }, value: byStake, at },
  ];
}
