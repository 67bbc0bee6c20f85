import { expect, test } from "vitest";
import { freshGroups } from "./chain-facts.ts";
import { gatewaySafetyFacts, keyFacts, withDoubled, withRefusals, type DoubledMemory } from "./security-facts.ts";
import { epochMs, epochStartAt } from "./testing/made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./testing/made-up-gateway.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = epochStartAt(100) + 60_000;

test("keys at each place that could be read; a place that tells only a number, or fails, is not known", () => {
  const place = {
    ...{ place: "vc1", kind: "validator-client" as const, checkedAt: now, expected: 3, loaded: 3 },
    ...{ missing: [], unexpected: [], doubled: [], counts: { missing: 1, unexpected: 0, doubled: 2 } },
  };
  const facts = keyFacts([place]);
  expect(valueOf(facts, "keys_doubled", { place: "vc1" })).toBe(2);
  expect(valueOf(facts, "keys_missing", { place: "vc1" })).toBe(1);
  expect(valueOf(facts, "keys_unexpected", { place: "vc1" })).toBe(0);
  expect(keyFacts([{ ...place, loaded: undefined }])).toEqual([]);
  expect(keyFacts([{ ...place, error: { code: "x", message: "y" } }])).toEqual([]);
});

function groupsWith(change: Parameters<typeof groupOf>[2], at = now) {
  return freshGroups([gatewayOf("a", at, [groupOf(at, [nodeOf("bn1", at)], change)])], at);
}

test("refused messages of the last hour, counted over a gateway's restart", () => {
  const last = { kind: "double-vote" as const, validatorIndex: 1, slot: 1, client: "x" };
  const look = (memory: ReturnType<typeof withRefusals>, refused: number, at: number) => {
    const groups = groupsWith({ tripwire: { refused, last: { ...last, at } } }, at);
    const next = withRefusals(memory, groups, at);
    return {
      next,
      value: valueOf(gatewaySafetyFacts(groups, next, new Map(), at), "slashing_refusals", { group: "main" }),
    };
  };
  const none = withRefusals(new Map(), groupsWith({}), now);
  expect(
    valueOf(gatewaySafetyFacts(groupsWith({}), none, new Map(), now), "slashing_refusals", { group: "main" }),
  ).toBe(0);
  const first = look(none, 3, now + 1_000);
  expect(first.value).toBe(3);
  // The gateway has started anew: it counts from nothing.
  const second = look(first.next, 1, now + 2_000);
  expect(second.value).toBe(4);
  const later = now + 2_000 + 3_600_001;
  const quiet = groupsWith({ tripwire: { refused: 1, last: { ...last, at: now } } }, later);
  expect(
    valueOf(gatewaySafetyFacts(quiet, withRefusals(second.next, quiet, later), new Map(), later), "slashing_refusals", {
      group: "main",
    }),
  ).toBe(0);
});

test("a key that two clients of a gateway use is doubled until two epochs have passed without that", () => {
  const place = { place: "clients of group main" };
  const duplicateKey = { at: now - epochMs, validatorIndex: 1, clients: ["a", "b"] };
  expect(
    valueOf(gatewaySafetyFacts(groupsWith({ duplicateKey }), new Map(), new Map(), now), "keys_doubled", place),
  ).toBe(1);
  const old = { ...duplicateKey, at: now - 2 * epochMs - 1 };
  expect(
    valueOf(gatewaySafetyFacts(groupsWith({ duplicateKey: old }), new Map(), new Map(), now), "keys_doubled", place),
  ).toBe(0);
});

test("a client that has moved to another address is no second one; two addresses that go on for an epoch are", () => {
  const place = { place: "clients of group main" };
  let clients = ["10.0.0.1", "10.0.0.2"];
  let memory: DoubledMemory = new Map();
  const look = (at: number) => {
    const groups = groupsWith({ duplicateKey: { at, validatorIndex: 1, clients } }, at);
    memory = withDoubled(memory, groups);
    return valueOf(gatewaySafetyFacts(groups, new Map(), memory, at), "keys_doubled", place);
  };
  expect(look(now)).toBe(0);
  expect(look(now + epochMs)).toBe(0);
  expect(look(now + epochMs + 30_001)).toBe(1);
  // One that moves again at once, and again hours later.
  clients = ["10.0.0.2", "10.0.0.3"];
  expect(look(now + 2 * epochMs)).toBe(0);
  expect(look(now + 20 * epochMs)).toBe(0);
});
