import { recentOutcomeOf, recentOutcomes } from "../../alerts/underperforming.ts";
import { dutyBits, type EpochColumns } from "../../duties/types.ts";

/** Who lost duties, and how likely that is for a validator on a usual day. */
export interface FoundVictims {
  indices: readonly number[];
  /** 0 to 1. */
  ordinaryRate: number;
}

type Duties = Pick<EpochColumns, "indices" | "duty">;

const isLost = (duty: number) =>
  recentOutcomeOf({
    isAssigned: (duty & dutyBits.assigned) !== 0,
    isIncluded: (duty & dutyBits.included) !== 0,
    hasTimelyTarget: (duty & dutyBits.timelyTarget) !== 0,
  }) === recentOutcomes.bad;

/**
 * The victims among the watched, from epochs of the time of the impact (oldest first; the newest three count): who lost at
 * least two, or all three where two are no more than chance gives; or, while those are less than half of what the worst epoch alone
 * shows, who lost that one. `usualRate`: share of attestations that are lost on a usual day.
 */
export function findVictims(epochs: readonly Duties[], usualRate: number): FoundVictims {
  const recent = epochs.slice(-3);
  const losers = recent.map((columns) => losersOf(columns));
  const worst = losers.reduce((most, one) => (one.length >= most.length ? one : most), []);
  const times = new Map<number, number>();
  for (const index of losers.flat()) times.set(index, (times.get(index) ?? 0) + 1);
  const twice = [...times].flatMap(([index, count]) => (count >= 2 ? [index] : [])).sort((a, b) => a - b);
  const validators = recent.at(-1)?.indices.length ?? 0;
  const count = recent.length;
  const twiceRate = ((count * (count - 1)) / 2) * usualRate ** 2;
  const isEnough = twice.length >= (worst.length - usualRate * validators) / 2;
  if (isEnough && !isOrdinary(twice.length, twiceRate * validators)) return { indices: twice, ordinaryRate: twiceRate };
  const always = count < 3 ? [] : [...times].flatMap(([index, of]) => (of === count ? [index] : []));
  if (isEnough && !isOrdinary(always.length, usualRate ** count * validators))
    return { indices: always.sort((a, b) => a - b), ordinaryRate: usualRate ** count };
  return { indices: worst, ordinaryRate: Math.min(1, usualRate) };
}

function losersOf({ indices, duty }: Duties): number[] {
  const losers: number[] = [];
  for (let at = 0; at < indices.length; at++) if (isLost(duty[at] ?? 0)) losers.push(indices[at] ?? 0);
  return losers;
}

/** Three epochs are looked at, and the worst is taken. */
const looks = 3;
const leastChance = 0.001;

/** Are so many victims no more than chance gives now and then, when so many are expected (Poisson)? */
export function isOrdinary(victims: number, expected: number): boolean {
  if (victims === 0) return true;
  // Where the sum would underflow, the normal distribution stands for it.
  if (expected > 500) return victims <= expected + 3.4 * Math.sqrt(expected);
  let term = Math.exp(-expected);
  let below = 0;
  for (let count = 0; count < victims; count++) {
    below += term;
    term *= expected / (count + 1);
  }
  return looks * (1 - below) >= leastChance;
}
