import { expect, test } from "vitest";
import { freshGroups } from "./chain-facts.ts";
import { clockFact, evidenceGapFacts, gatewayFacts, storeFact, undeliveredFacts } from "./own-facts.ts";
import { noteRenewals, staleFacts, type RenewalMemory } from "./stale-facts.ts";
import { epochStartAt } from "./testing/made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./testing/made-up-gateway.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = epochStartAt(100);

test("a gateway is silent since it was last heard of, or since it was first asked", () => {
  const gone = { isReachable: false };
  const facts = gatewayFacts(
    [
      gatewayOf("a", now, []),
      gatewayOf("b", now - 40_000, [], gone),
      { ...gatewayOf("c", now, []), ...gone, lastContactAt: undefined },
    ],
    now - 5_000,
    now,
  );
  expect(facts.map(({ labels, value }) => [labels["gateway"], value])).toEqual([
    ["a", 0],
    ["b", 40],
    ["c", 5],
  ]);
});

test("our clock is off by what most nodes agree on, less what a whole second hides", () => {
  const offsetOf = (...offsets: number[]) => {
    const nodes = offsets.map((clockOffsetMs, n) => nodeOf(`bn${n}`, now, { clockOffsetMs }));
    return valueOf(
      clockFact(freshGroups([gatewayOf("a", now, [groupOf(now, nodes)])], now), now),
      "own_clock_offset_ms",
    );
  };
  expect(offsetOf(480, 300, 450)).toBe(0);
  expect(offsetOf(-3_000, -2_600, -2_800)).toBe(2_300);
  // One node alone, or nodes that contradict each other, say nothing about us.
  expect(offsetOf(5_000)).toBeUndefined();
  expect(offsetOf(0, 9_000)).toBeUndefined();
});

test("store, messages and gaps", () => {
  expect(storeFact(undefined, now).value).toBe(0);
  expect(storeFact(now - 31_000, now).value).toBe(31);
  expect(
    valueOf(undeliveredFacts([{ channel: "mail", count: 2 }], now), "messages_undelivered", { channel: "mail" }),
  ).toBe(2);
  const lost = { gateway: "a", stream: "evidence" as const, fromAt: now - 10, toAt: now - 5, count: 1 };
  const facts = evidenceGapFacts(["a", "b"], [lost, { ...lost, stream: "transitions" }], now);
  expect(facts.map(({ value }) => value)).toEqual([1, 0]);
});

test("facts that a source no longer renews, until they are a day old; not a number is an answer", () => {
  const memory: RenewalMemory = new Map();
  const peers = (node: string, value: number, at: number) => ({ name: "node_peer_count", labels: { node }, value, at });
  noteRenewals(
    memory,
    "nodes",
    [peers("a", 1, now), peers("b", 2, now), peers("c", NaN, now), peers("d", 1, now - 301_000)],
    now,
  );
  const later = now + 301_000;
  noteRenewals(memory, "nodes", [peers("b", NaN, later)], later);
  expect(valueOf(staleFacts(memory, now), "facts_stale", { source: "nodes" })).toBe(0);
  expect(valueOf(staleFacts(memory, later), "facts_stale", { source: "nodes" })).toBe(1);
  expect(valueOf(staleFacts(memory, later + 25 * 3_600_000), "facts_stale", { source: "nodes" })).toBe(0);
});
