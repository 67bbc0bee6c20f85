import fc from "fast-check";
import { expect, it } from "vitest";
import {
  performanceFacts,
  performanceOf,
  recentOutcomeOf,
  recentOutcomes,
  type RecentEpoch,
} from "./underperforming.ts";

const { good: G, bad: B, unknown: U, notAsked: N } = recentOutcomes;

/** One row per validator: its outcomes, oldest first. */
function epochsOf(
  rows: readonly (readonly number[])[],
  network: readonly [bad: number, assigned: number] = [1, 100],
): RecentEpoch[] {
  return [0, 1, 2].map((epoch) => ({
    outcomes: Uint8Array.from(rows.map((row) => row[epoch] ?? U)),
    networkAssigned: network[1],
    networkBad: network[0],
  }));
}

const repeat = (count: number, row: readonly number[]) => Array.from({ length: count }, () => row);
const ones = (count: number) => new Array<number>(count).fill(1);

it("counts who was bad in two of three epochs, by count and by stake", () => {
  const rows = [...repeat(3, [B, G, B]), ...repeat(7, [B, G, G])];
  const stake = [32, 32, 32, ...new Array<number>(7).fill(2048)];
  expect(performanceOf(epochsOf(rows), stake, undefined)).toEqual({
    ...{ reason: "underperforming", judged: 10, underperforming: 3, byCount: 0.3, network: 0.01 },
    byStake: 96 / (96 + 7 * 2048),
  });
});

it("says nothing of two keys, and nothing where the network does as badly", () => {
  expect(performanceOf(epochsOf(repeat(2, [B, B, B])), ones(2), undefined)).toMatchObject({
    reason: "few-keys",
    byCount: 0,
    underperforming: 2,
  });
  const third = [...repeat(3, [B, B, G]), ...repeat(6, [G, G, G])];
  expect(performanceOf(epochsOf(third, [40, 100]), ones(9), undefined).reason).toBe("like-network");
  expect(performanceOf(epochsOf(third, [30, 100]), ones(9), undefined).reason).toBe("underperforming");
  // By count like the network, by stake worse.
  expect(performanceOf(epochsOf(third, [40, 100]), [9, 9, 9, 1, 1, 1, 1, 1, 1], undefined).reason).toBe(
    "underperforming",
  );
});

it("raises the alarm rather than not where the network is unknown", () => {
  expect(performanceOf(epochsOf(repeat(5, [B, B, B]), [0, 0]), ones(5), undefined)).toMatchObject({
    reason: "underperforming",
    byCount: 1,
    network: 0,
  });
});

it("does not judge who could be either, and says so when that is most of them", () => {
  const rows = [...repeat(3, [B, B, U]), ...repeat(2, [B, U, G]), ...repeat(5, [G, G, U]), [N, N, N]];
  expect(performanceOf(epochsOf(rows), ones(11), undefined)).toMatchObject({ judged: 8, underperforming: 3 });
  expect(performanceOf(epochsOf(repeat(5, [U, U, U])), ones(5), undefined)).toMatchObject({
    reason: "performance-unknown",
    byCount: NaN,
  });
  expect(performanceOf([], ones(5), undefined).reason).toBe("performance-unknown");
});

it("looks at the members of a cohort only", () => {
  const rows = [...repeat(4, [G, G, G]), ...repeat(4, [B, B, B])];
  expect(performanceOf(epochsOf(rows), ones(8), Uint32Array.of(2, 5, 6, 7))).toMatchObject({
    judged: 4,
    byCount: 0.75,
  });
});

it("makes facts that the shipped rules ask for", () => {
  const performance = performanceOf(epochsOf(repeat(4, [B, B, B])), ones(4), undefined);
  expect(performanceFacts(performance, undefined, 7)[0]).toEqual({
    name: "underperforming_ratio",
    labels: { scope: "all", by: "count" },
    value: 1,
    at: 7,
  });
  expect(performanceFacts(performance, { key: "customer", value: "acme" }, 7)[1]?.labels).toEqual({
    scope: "customer",
    customer: "acme",
    by: "stake",
  });
});

it("takes a missed and a wrong-target attestation as bad", () => {
  const of = (isAssigned: boolean, isIncluded: boolean, hasTimelyTarget: boolean) =>
    recentOutcomeOf({ isAssigned, isIncluded, hasTimelyTarget });
  expect([of(false, false, false), of(true, false, false), of(true, true, false), of(true, true, true)]).toEqual([
    N,
    B,
    B,
    G,
  ]);
});

it("agrees with trying every way in which the unknown could have come out", () => {
  const row = fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(G, B, U, N)));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const ways = (outcome: number) => (outcome === U ? [G, B, N] : [outcome]);
      const verdicts = rows.map(([a = U, b = U, c = U]) => {
        const all = ways(a).flatMap((x) =>
          ways(b).flatMap((y) => ways(c).map((z) => [x, y, z].filter((each) => each === B).length >= 2)),
        );
        return [a, b, c].every((each) => each === N)
          ? "none"
          : all.every(Boolean)
            ? "bad"
            : all.some(Boolean)
              ? "open"
              : "good";
      });
      const count = (verdict: string) => verdicts.filter((each) => each === verdict).length;
      const found = performanceOf(epochsOf(rows), ones(rows.length), undefined);
      expect(found.underperforming).toBe(count("bad"));
      expect(found.judged).toBe(count("bad") + count("good"));
    }),
  );
});
