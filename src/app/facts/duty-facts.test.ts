import fc from "fast-check";
import { expect, test } from "vitest";
import { dutyFacts } from "./duty-facts.ts";
import { aligned, keepEpoch } from "./kept-epoch.ts";
import { noDuties, withEpoch } from "./recent-duties.ts";
import { epochOf, fleetOf, timing, type Vote } from "./testing/made-up-epoch.ts";
import { valueOf } from "./testing/read-facts.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import type { EpochResult } from "../../duties/types.ts";

const fleet = fleetOf({ a: 60, b: 40 });

function factsOver(results: readonly EpochResult[], watched: WatchedFleet = fleet, usual?: number) {
  const recent = results.reduce((sum, result) => withEpoch(sum, keepEpoch(result), 12), noDuties);
  return dutyFacts({ recent, watched, timing, usualLateness: () => usual });
}

/** Ten epochs of which these votes are the last. */
function tenEpochs(...last: ((position: number) => Vote)[]): EpochResult[] {
  const good = () => "good" as const;
  return Array.from({ length: 10 }, (_, n) => epochOf(100 + n, fleet, last[n - 10 + last.length] ?? good));
}

test("who misses in two of three epochs underperforms, all of them and each customer's", () => {
  const down = (position: number): Vote => (position < 6 ? "missed" : "good");
  const facts = factsOver(tenEpochs(down, down));
  expect(valueOf(facts, "underperforming_ratio", { scope: "all", by: "count" })).toBe(0.06);
  expect(valueOf(facts, "underperforming_ratio", { scope: "customer", customer: "a", by: "stake" })).toBe(0.1);
  expect(valueOf(facts, "underperforming_ratio", { scope: "customer", customer: "b", by: "count" })).toBe(0);
  expect(valueOf(facts, "missed_attestations_ratio", { customer: "a" })).toBeCloseTo(0.1);
  expect(valueOf(factsOver(tenEpochs(down)), "underperforming_ratio", { scope: "all", by: "count" })).toBe(0);
  // True when the newest epoch could be judged, not when it was looked at.
  expect(new Set(facts.map(({ at }) => at))).toEqual(new Set([timing.genesisTimeMs + 111 * 384_000]));
});

test("with an epoch missing nobody knows how a set performs, and no share is made up", () => {
  const results = tenEpochs().filter(({ epoch }) => epoch !== 107 && epoch !== 108);
  const facts = factsOver(results);
  expect(valueOf(facts, "underperforming_ratio", { scope: "all", by: "count" })).toBeNaN();
  expect(valueOf(facts, "balance_falling_ratio")).toBeNaN();
  expect(valueOf(facts, "wrong_head_above_network")).toBeNaN();
  expect(valueOf(facts, "penalties_gwei_hour")).toBeUndefined();
  expect(valueOf(facts, "missed_attestations_ratio")).toBe(0);
});

test("late votes, late votes against what is usual, wrong heads, falling balances and penalties", () => {
  const late = (position: number): Vote => (position < 60 ? "late" : "good");
  const facts = factsOver(tenEpochs(late, late, late), fleet, 0.06);
  expect(valueOf(facts, "late_attestations_ratio")).toBe(0.6);
  // 3 of 10 epochs, 60 of 100 validators, 2 slots each: 0.36 slots against 0.06.
  expect(valueOf(facts, "late_attestations_above_baseline")).toBeCloseTo(6);
  expect(valueOf(facts, "wrong_head_above_network", { customer: "a" })).toBe(1);
  expect(valueOf(facts, "balance_falling_ratio")).toBe(0);
  const gone = (position: number): Vote => (position < 25 ? "missed" : "good");
  const bad = factsOver(tenEpochs(gone, gone, gone, gone));
  expect(valueOf(bad, "balance_falling_ratio")).toBe(0.25);
  expect(valueOf(bad, "penalties_gwei_hour")).toBe(0);
  const all = () => "missed" as const;
  const worse = factsOver(tenEpochs(all, all, all, all, all, all, all, all, all, all));
  expect(valueOf(worse, "penalties_gwei_hour")).toBe(100 * 10 * 80);
  expect(valueOf(worse, "late_attestations_ratio")).toBeNaN();
});

test("without rewards balances are not known", () => {
  const results = tenEpochs().map((result) => ({ ...result, rewards: "none" as const }));
  expect(valueOf(factsOver(results), "balance_falling_ratio")).toBeNaN();
});

test("a fleet that has changed since is judged as far as it was watched then", () => {
  const larger = fleetOf({ a: 60, b: 40, c: 30 });
  const down = (position: number): Vote => (position < 6 ? "missed" : "good");
  const facts = factsOver(tenEpochs(down, down), larger);
  expect(valueOf(facts, "underperforming_ratio", { scope: "customer", customer: "a", by: "count" })).toBe(0.1);
  expect(valueOf(facts, "underperforming_ratio", { scope: "customer", customer: "c", by: "count" })).toBeNaN();
});

test("a slashed validator does not underperform: that is another alarm", () => {
  const results = tenEpochs(
    () => "missed",
    () => "missed",
  );
  for (const { columns } of results) columns.duty.forEach((duty, at) => (columns.duty[at] = duty | 32));
  expect(valueOf(factsOver(results), "underperforming_ratio", { scope: "all", by: "count" })).toBe(0);
});

test("a column in another order has each validator's own value, and the filler for strangers", () => {
  const indices = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
  const rising = (values: number[]) => Uint32Array.from(values).sort();
  fc.assert(
    fc.property(indices, indices, (a, b) => {
      const [from, to] = [rising(a), rising(b)];
      const column = Uint8Array.from(from, (index) => index + 1);
      const expected = Array.from(to, (index) => (from.includes(index) ? index + 1 : 99));
      expect([...aligned(column, from, to, 99)]).toEqual(expected);
    }),
  );
});
