import { expect, test } from "vitest";
import type { ChainSpec } from "../../chain/types.ts";
import { chainNowFacts, forkFacts, freshGroups, judgedChainFacts, unjudgedFact } from "./chain-facts.ts";
import { keepEpoch } from "./kept-epoch.ts";
import { noDuties, withEpoch } from "./recent-duties.ts";
import { epochMs, epochOf, epochStartAt, fleetOf, timing } from "./testing/made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./testing/made-up-gateway.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = epochStartAt(100) + 60_000;
const main = groupOf(now, [nodeOf("bn1", now)]);

test("only what a reachable gateway told within ten seconds counts", () => {
  const group = [main];
  expect(freshGroups([gatewayOf("a", now, group)], now)).toHaveLength(1);
  expect(freshGroups([gatewayOf("a", now, group)], now + 10_001)).toEqual([]);
  expect(freshGroups([gatewayOf("a", now, group, { isReachable: false })], now)).toEqual([]);
  expect(chainNowFacts([], now)).toEqual([]);
});

test("finality lag is the least that a group sees, and grows by the clock where no block comes", () => {
  const lagOf = (at: number, ...groups: (typeof main)[]) =>
    valueOf(chainNowFacts(freshGroups([gatewayOf("a", at, groups)], at), at), "finality_lag_epochs");
  const behind = { ...main, view: { ...main.view, finalized: { epoch: 90, root: "0x" } } };
  expect(lagOf(now, main)).toBe(2);
  expect(lagOf(now, main, behind)).toBe(2);
  expect(lagOf(now, behind)).toBe(10);
  // The head stands still for six epochs.
  expect(lagOf(now + 6 * epochMs, main)).toBe(7);
  expect(lagOf(now, { ...main, view: { ...main.view, finalized: undefined } })).toBeUndefined();
});

test("branches of a split, one where all agree, nothing where nobody serves", () => {
  const countOf = (change: Partial<typeof main>) =>
    valueOf(
      chainNowFacts(freshGroups([gatewayOf("a", now, [{ ...main, ...change }])], now), now),
      "chain_split_branches",
      { group: "main" },
    );
  expect(countOf({})).toBe(1);
  expect(countOf({ view: { ...main.view, kind: "split" } })).toBe(2);
  expect(countOf({ chosenBranch: { root: "0x", by: "x", at: now } })).toBe(2);
  expect(countOf({ view: { ...main.view, kind: "none" } })).toBeUndefined();
});

test("participation and reorgs of the newest judged epoch", () => {
  const fleet = fleetOf({ a: 1 });
  const slots = ["proposed", "orphaned", "orphaned", "proposed", "orphaned"].map((block, n) => ({
    ...{ slot: n, proposerIndex: 1, root: undefined, assigned: 1, included: 1, timelyHead: 1 },
    block: block as "proposed" | "orphaned",
  }));
  const result = epochOf(98, fleet, undefined, { slots });
  const network = { ...result.network, assigned: 1_000, timelyTarget: 900 };
  const facts = judgedChainFacts(withEpoch(noDuties, keepEpoch({ ...result, network }), 6), timing);
  expect(valueOf(facts, "reorg_depth_slots")).toBe(2);
  expect(valueOf(facts, "network_participation_ratio")).toBe(0.9);
  expect(judgedChainFacts(noDuties, timing)).toEqual([]);
});

test("the next fork, and nodes that do not know it", () => {
  const spec = {
    forks: [
      { name: "fulu", version: "0x", epoch: 1 },
      { name: "gloas", version: "0x", epoch: 400 },
    ],
  } as unknown as ChainSpec;
  const warnings = [{ reason: "future-fork-differs" as const, detail: "" }];
  const group = groupOf(now, [nodeOf("bn1", now), nodeOf("bn2", now, { warnings })]);
  const groups = freshGroups([gatewayOf("a", now, [group]), gatewayOf("b", now, [group])], now);
  const facts = forkFacts(spec, groups, timing, now);
  expect(valueOf(facts, "fork_epochs_left", { fork: "gloas" })).toBe(300);
  expect(valueOf(facts, "fork_unready_nodes", { fork: "gloas" })).toBe(1);
  expect(forkFacts(spec, [], timing, now)).toEqual([]);
  expect(forkFacts(undefined, groups, timing, now)).toEqual([]);
});

test("epochs that are not judged; reading back after a pause counts only once it stops", () => {
  const value = (state: string, provisionalEpoch: number | undefined, progressAt: number, hasCaughtUp: boolean) =>
    valueOf(
      unjudgedFact({ state, currentEpoch: 100, provisionalEpoch }, timing, { at: progressAt, hasCaughtUp }, now),
      "duties_unjudged_epochs",
    );
  expect(value("following", 98, now, true)).toBe(0);
  expect(value("stalled", 94, now - 5 * epochMs, true)).toBe(4);
  expect(value("behind", 20, now - 60_000, false)).toBe(0);
  expect(value("behind", 20, now - 4 * epochMs, false)).toBe(4);
  expect(value("starting", undefined, now - 5 * epochMs, false)).toBe(5);
  expect(value("off", undefined, now, false)).toBeUndefined();
});
