import { bruteForce } from "../src/sla/testing/brute-force.ts";
import { differencesOf } from "../src/sla/testing/compare-standing.ts";
import { randomHistory } from "../src/sla/testing/random-history.ts";
import { standingOf } from "../src/sla/standing-of.ts";

/** Random histories, each figure against a brute-force recomputation that shares no code with it. The seed is printed. */
export async function run({
  isQuick,
  flags,
}: {
  isQuick: boolean;
  flags: Readonly<Record<string, string>>;
}): Promise<Record<string, unknown>> {
  const histories = isQuick ? 10_000 : 50_000;
  const seed = Number(flags["seed"] ?? 1 + Math.floor(Math.random() * 2_147_483_645));
  console.log(`seed ${seed}`);
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const seen = { breached: 0, forecast: 0, unknownBurn: 0, withUnknown: 0, nothing: 0 };
  let differences = 0;
  for (let n = 0; n < histories; n++) {
    const input = randomHistory(random);
    const standing = standingOf(input);
    const found = differencesOf(standing, bruteForce(input));
    if (found.length > 0 && differences < 5) console.log(`history ${n}:`, found, JSON.stringify(input));
    if (found.length > 0) differences++;
    if (standing.budgetUsed > 1) seen.breached++;
    else if (standing.breachesAt !== undefined) seen.forecast++;
    if (standing.burnRate === undefined) seen.unknownBurn++;
    if (standing.unknownEpochs > 0) seen.withUnknown++;
    if (standing.uptime === undefined) seen.nothing++;
  }
  return Promise.resolve({ histories, differences, seed, ...seen });
}
