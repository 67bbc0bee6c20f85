import type { BruteStanding } from "./brute-force.ts";
import type { SlaStanding } from "../types.ts";

const million = 1_000_000;

/** Names of the figures in which a standing differs from the brute-force one. Shares are the nearest double of the exact fraction. */
export function differencesOf(standing: SlaStanding, brute: BruteStanding): string[] {
  const used = (missed: bigint, budget: bigint) => {
    if (budget > 0n) return Number(missed * BigInt(million)) / Number(budget);
    return missed > 0n ? 1 + Number(missed) : 0;
  };
  const rate = ({ assigned, missed }: BruteStanding["hour"]) =>
    assigned === 0n ? undefined : used(missed, assigned * brute.allowed);
  const share = (part: bigint, of: bigint) => (of === 0n ? undefined : Number(part) / Number(of));
  const expected: Partial<Record<keyof SlaStanding, number | undefined>> = {
    uptime: share(brute.up, brute.duties),
    effectiveness: share(brute.earned, brute.ideal),
    assigned: Number(brute.duties),
    missed: Number(brute.missed),
    budget: Number(brute.budgetMillionths) / million,
    budgetUsed: used(brute.missed, brute.budgetMillionths),
    burnRate: rate(brute.hour),
    burnRateLong: rate(brute.sixHours),
    breachesAt: brute.breachesAt,
    unknownEpochs: brute.unknownEpochs,
  };
  return (Object.keys(expected) as (keyof SlaStanding)[])
    .filter((key) => !Object.is(standing[key], expected[key]))
    .map((key) => `${key}: ${JSON.stringify(standing[key])} instead of ${String(expected[key as "uptime"])}`);
}
