import { expect, test } from "vitest";
import { freshGroups } from "./chain-facts.ts";
import { nodeFacts } from "./node-facts.ts";
import { epochMs, epochStartAt } from "./testing/made-up-epoch.ts";
import { gatewayOf, groupOf, nodeOf } from "./testing/made-up-gateway.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = epochStartAt(100) + 60_000;
const bn1 = nodeOf("bn1", now);
const out = { health: "syncing" as const, sinceAt: now - 2 * epochMs - 5_000 };

function factsOf(...gateways: (readonly ReturnType<typeof nodeOf>[])[]) {
  const observed = gateways.map((nodes, n) => gatewayOf(`gw${n}`, now, [groupOf(now, nodes)]));
  return nodeFacts(freshGroups(observed, now), now);
}
const of = (node: string) => ({ group: "main", node });

test("ready nodes of a group, and a standby that has not been ready for two epochs", () => {
  const facts = factsOf([bn1, nodeOf("bn2", now, out)]);
  expect(valueOf(facts, "upstream_ready_count", { group: "main" })).toBe(1);
  expect(valueOf(facts, "upstream_not_ready", of("bn2"))).toBe(1);
  expect(valueOf(facts, "upstream_not_ready", of("bn1"))).toBe(0);
  expect(valueOf(facts, "standby_not_ready_epochs", of("bn2"))).toBe(2);
});

test("with nobody ready there is no standby, only a group without a node", () => {
  const facts = factsOf([nodeOf("bn1", now, out), nodeOf("bn2", now, out)]);
  expect(valueOf(facts, "upstream_ready_count", { group: "main" })).toBe(0);
  expect(valueOf(facts, "standby_not_ready_epochs", of("bn2"))).toBe(0);
});

test("a node is not ready where most gateways say so; the group has what the worst served gateway has", () => {
  const one = factsOf([bn1, nodeOf("bn2", now)], [bn1, nodeOf("bn2", now, out)]);
  expect(valueOf(one, "upstream_not_ready", of("bn2"))).toBe(0);
  expect(valueOf(one, "upstream_ready_count", { group: "main" })).toBe(1);
  const two = factsOf([bn1, nodeOf("bn2", now, out)], [bn1, nodeOf("bn2", now, out)], [bn1, nodeOf("bn2", now)]);
  expect(valueOf(two, "upstream_not_ready", of("bn2"))).toBe(1);
});

test("what an operator set aside, or a drill shows, is no failure", () => {
  const facts = factsOf([bn1, nodeOf("bn2", now, { ...out, operator: "cordoned" })]);
  expect(valueOf(facts, "upstream_not_ready", of("bn2"))).toBe(0);
  const fault = { id: "1", node: "bn2", kind: "x", by: "x", startedAt: now, expiresAt: now };
  const group = groupOf(now, [bn1, nodeOf("bn2", now, out)], { faults: [fault] });
  const drilled = nodeFacts(freshGroups([gatewayOf("a", now, [group])], now), now);
  expect(valueOf(drilled, "upstream_not_ready", of("bn2"))).toBe(0);
});

test("peers and execution client by whoever heard the node last; a silent node says nothing", () => {
  const older = nodeOf("bn1", now, { peers: 3, lastSeenAt: now - 20_000 });
  const facts = factsOf([older], [nodeOf("bn1", now, { peers: 70, elOffline: true })]);
  expect(valueOf(facts, "node_peer_count", { node: "bn1" })).toBe(70);
  expect(valueOf(facts, "el_offline", { node: "bn1" })).toBe(1);
  const silent = factsOf([nodeOf("bn1", now, { lastSeenAt: now - 60_001 })]);
  expect(valueOf(silent, "el_offline", { node: "bn1" })).toBeUndefined();
});

test("a gateway that has just started and looks around says nothing about its nodes", () => {
  const gateway = gatewayOf("a", now, [groupOf(now, [nodeOf("bn1", now, { health: "unknown" })])]);
  const young = { ...gateway, status: gateway.status && { ...gateway.status, startedAt: now - 5_000 } };
  expect(nodeFacts(freshGroups([young], now), now)).toEqual([]);
  expect(valueOf(nodeFacts(freshGroups([gateway], now), now), "upstream_ready_count", { group: "main" })).toBe(0);
});
