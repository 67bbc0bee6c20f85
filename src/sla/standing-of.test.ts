import fc from "fast-check";
import { expect, test } from "vitest";
import { bruteForce } from "./testing/brute-force.ts";
import { differencesOf } from "./testing/compare-standing.ts";
import { forecastSentence } from "./forecast-sentence.ts";
import { randomHistory } from "./testing/random-history.ts";
import { standingOf, type StandingInput } from "./standing-of.ts";
import type { SlaEpoch } from "./types.ts";
import { calendarMonth, rolling } from "./windows.ts";

const timing = {
  spec: { slotDurationMs: 12_000, slotsPerEpoch: 32 },
  genesis: { genesisTimeMs: Date.UTC(2026, 0, 1) },
};
const epochMs = 384_000;
const month = calendarMonth(Date.UTC(2026, 2, 10));
/** First epoch of March, and how many it has. */
const first = (31 + 28) * 225;
const inMonth = 31 * 225;

const span = (from: number, count: number, assigned: number, included = assigned): SlaEpoch[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ epoch: from + i, assigned, included, earned: included * 9, ideal: assigned * 10 },
  }));
/** Now: two epochs after the last one that is given, so that nothing is missing. */
const stand = (epochs: readonly SlaEpoch[], changes: Partial<StandingInput> = {}) => {
  const end = Math.max(first, (epochs.at(-1)?.epoch ?? first - 1) + 1);
  const now = timing.genesis.genesisTimeMs + (end + 1) * epochMs;
  const input = { epochs, window: month, now, target: 0.99, timing, ...changes };
  const standing = standingOf(input);
  return { ...standing, ...forecastSentence(standing, input.now), now: input.now };
};

test("months are UTC's, of any length, and rolling windows end now", () => {
  expect(calendarMonth(Date.UTC(2024, 1, 29, 23, 59))).toEqual({
    fromAt: Date.UTC(2024, 1, 1),
    toAt: Date.UTC(2024, 2, 1),
  });
  expect(calendarMonth(Date.UTC(2026, 11, 31))).toEqual({ fromAt: Date.UTC(2026, 11, 1), toAt: Date.UTC(2027, 0, 1) });
  expect(rolling(30, Date.UTC(2026, 2, 31))).toEqual({ fromAt: Date.UTC(2026, 2, 1), toAt: Date.UTC(2026, 2, 31) });
});

test("perfect duties: nothing of the whole month's budget is used, nothing to fear", () => {
  const standing = stand(span(first, 225, 100));
  expect(standing).toMatchObject({
    ...{ uptime: 1, effectiveness: 0.9, assigned: 22_500, missed: 0, budgetUsed: 0, burnRate: 0, burnRateLong: 0 },
    ...{ budget: inMonth, breachesAt: undefined, unknownEpochs: 0, reason: "budget-holds" },
  });
  expect(standing.sentence).toBe(
    "The budget lasts to the window's end at the present burn; 0 % of the budget is used.",
  );
});

test("misses exactly at the agreed rate burn at 1, and the budget ends with the window, not before", () => {
  expect(stand(span(first, 450, 100, 99))).toMatchObject({
    burnRate: 1,
    breachesAt: undefined,
    budgetUsed: 450 / inMonth,
  });
});

test("an incident says when it breaches", () => {
  // 69.75 misses a day are allowed for the whole month: 6,975. Everybody is down after a good day.
  const standing = stand([...span(first, 225, 100), ...span(first + 225, 40, 100, 0)]);
  expect(standing).toMatchObject({ burnRate: 100, missed: 4_000, budget: 6_975, reason: "budget-running-out" });
  // 2,975 misses are left, 100 an epoch: 29.75 epochs after the last known one, one of which has passed.
  expect(standing.breachesAt).toBe(standing.now + 28.75 * epochMs);
  expect(standing.sentence).toBe("Breaches in 3 h 4 m at the present burn; 57 % of the budget is used.");
});

test("breached: since when, by what the budget is now", () => {
  const standing = stand([...span(first, 80, 100, 0), ...span(first + 80, 145, 100)]);
  expect(standing.breachesAt).toBe(timing.genesis.genesisTimeMs + (first + 70) * epochMs);
  expect(standing).toMatchObject({ reason: "budget-used-up", burnRate: 0 });
  expect(standing.sentence).toBe("Breached since 16 h 38 m: 114 % of the budget is used.");
});

test("epochs without data count neither way, and are told", () => {
  const standing = stand([...span(first + 100, 10, 100, 50), ...span(first + 200, 25, 100)]);
  expect(standing).toMatchObject({ assigned: 3_500, missed: 500, uptime: 3_000 / 3_500, unknownEpochs: 190 });
  expect(standing.budget).toBe((3_500 + (inMonth - 225) * 100) / 100);
  expect(standing.sentence).toMatch(/190 epochs are unknown and count neither way\.$/);
});

test("when judging stands still, epochs become unknown, and no forecast is made of old burn", () => {
  const epochs = span(first, 20, 100, 90);
  const now = timing.genesis.genesisTimeMs + (first + 50) * epochMs;
  const standing = stand(epochs, { now });
  expect(standing).toMatchObject({ burnRate: undefined, burnRateLong: 10, unknownEpochs: 29, breachesAt: undefined });
  expect(standing).toMatchObject({ reason: "burn-unknown" });
});

test("a window that has just begun: the budget is that of the duties to come", () => {
  expect(stand([], { dutiesPerEpoch: 100 })).toMatchObject({
    ...{ uptime: undefined, effectiveness: undefined, burnRate: undefined, budget: inMonth, budgetUsed: 0 },
    ...{ unknownEpochs: 0, reason: "burn-unknown" },
  });
  // The burn does not begin anew with the month.
  expect(stand(span(first - 20, 20, 100, 50))).toMatchObject({ burnRate: 50, missed: 0, reason: "budget-running-out" });
});

test("nobody is watched", () => {
  expect(stand([])).toMatchObject({ uptime: undefined, budget: 0, budgetUsed: 0, reason: "nothing-asked" });
  expect(stand(span(first, 9, 0))).toMatchObject({ uptime: undefined, budgetUsed: 0, burnRate: undefined });
});

test("validators that come in the middle count from then on, and in what is projected", () => {
  const standing = stand([...span(first, 100, 10), ...span(first + 100, 100, 1_000, 990)]);
  expect(standing).toMatchObject({ assigned: 101_000, missed: 1_000, uptime: 100_000 / 101_000 });
  expect(standing.budget).toBe((101_000 + (inMonth - 200) * 1_000) / 100);
});

test("a target of 100 % is breached by one miss", () => {
  expect(stand(span(first, 5, 100), { target: 1 })).toMatchObject({ budget: 0, budgetUsed: 0, reason: "budget-holds" });
  const standing = stand([...span(first, 5, 100, 99), ...span(first + 5, 5, 100)], { target: 1 });
  expect(standing).toMatchObject({ budgetUsed: 6, reason: "budget-used-up" });
  expect(standing.breachesAt).toBe(timing.genesis.genesisTimeMs + (first + 1) * epochMs);
});

test("days that were summed up count as their epochs", () => {
  const day = { epoch: first, epochs: 220, assigned: 22_000, included: 21_890, earned: 1, ideal: 2 };
  const standing = stand([day, ...span(first + 225, 225, 100)]);
  expect(standing).toMatchObject({ assigned: 44_500, missed: 110, unknownEpochs: 5, burnRate: 0 });
});

test("random histories: every figure equals a brute-force recomputation", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 2 }), (seed) => {
      let state = seed;
      const input = randomHistory(() => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
      expect(differencesOf(standingOf(input), bruteForce(input))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
