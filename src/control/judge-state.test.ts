import { expect, test } from "vitest";
import type { UpstreamStatus, View } from "../upstream/types.ts";
import { judgeState } from "./judge-state.ts";
import type { ObservedGateway } from "./observed-gateway.ts";
import { gatewayStatus, groupStatus, nodeStatus, now, reachable } from "./testing/samples.ts";

const down = (node: string, detail = "connection refused") =>
  nodeStatus(node, { health: "down", reason: "connection-refused", detail });

function judge(nodes: UpstreamStatus[], view: Partial<View> = {}) {
  return judgeState([reachable(gatewayStatus([groupStatus(nodes, view)]))], now);
}

test("says that all is well only when every node is ready", () => {
  const state = judge([nodeStatus("bn1"), nodeStatus("bn2"), nodeStatus("bn3")]);
  expect(state).toMatchObject({
    level: "fine",
    sentence: "All 3 beacon nodes are in sync; finality 2 epochs back.",
    next: "",
  });
});

test("names the node that is down, why, and who serves", () => {
  const state = judge([nodeStatus("bn1"), down("bn2"), nodeStatus("bn3")]);
  expect(state.level).toBe("warning");
  expect(state.sentence).toBe("1 of 3 beacon nodes is down (bn2: connection refused); duties are served by bn1.");
  expect(state.reason).toBe("node-not-ready");
});

test("says that there is no spare when one of two is left", () => {
  expect(judge([nodeStatus("bn1"), down("bn2")]).reason).toBe("no-spare");
});

test("names two nodes in different trouble with a word that holds for both", () => {
  const syncing = nodeStatus("bn3", { health: "syncing", reason: "syncing" as never, detail: "14 slots behind" });
  expect(judge([nodeStatus("bn1"), down("bn2"), syncing]).sentence).toBe(
    "2 of 3 beacon nodes are not ready (bn2: connection refused; bn3: syncing); duties are served by bn1.",
  );
});

test("a cordoned node is the operator's will: fine while two others serve, a warning when one is left", () => {
  const cordoned = nodeStatus("bn3", { operator: "cordoned" });
  expect(judge([nodeStatus("bn1"), nodeStatus("bn2"), cordoned])).toMatchObject({
    level: "fine",
    sentence: "2 of 3 beacon nodes are in sync (bn3 cordoned); finality 2 epochs back.",
  });
  expect(judge([nodeStatus("bn1"), cordoned])).toMatchObject({ level: "warning", reason: "no-spare" });
});

test("nobody ready is bad, whatever else holds", () => {
  const state = judge([down("bn1"), down("bn2")], { kind: "none", ready: [], head: undefined });
  expect(state).toMatchObject({ level: "bad", reason: "no-node-ready" });
  expect(state.sentence).toContain("No beacon node is ready");
});

test("a split and a degraded view say what is withheld", () => {
  expect(judge([nodeStatus("bn1")], { kind: "split" })).toMatchObject({ level: "bad", reason: "split" });
  const degraded = judge([nodeStatus("bn1", { health: "syncing" })], {
    kind: "degraded",
    ready: [],
    fallback: ["bn1"],
    signingInputs: [],
  });
  expect(degraded.sentence).toBe("No beacon node is in sync: signing inputs are withheld; reads are answered by bn1.");
});

test.each([
  [3, "fine"],
  [4, "warning"],
  [5, "warning"],
  [6, "bad"],
])("finality %i epochs back is %s", (distance, level) => {
  const state = judge([nodeStatus("bn1"), nodeStatus("bn2")], { finalized: { epoch: 100 - distance, root: "0x01" } });
  expect(state.level).toBe(level);
});

test("no new block for long is said, although every node calls itself ready", () => {
  const state = judge([nodeStatus("bn1"), nodeStatus("bn2")], { head: { slot: 3200 - 9, root: "0x01" } });
  expect(state).toMatchObject({ level: "warning", reason: "head-late" });
});

test("a gateway that cannot be reached is unknown with its age, never fine", () => {
  const lost: ObservedGateway = {
    ...reachable(gatewayStatus([groupStatus([nodeStatus("bn1")])])),
    ...{ isReachable: false, lastContactAt: now - 42_000, error: "connection refused" },
  };
  const state = judgeState([lost], now);
  expect(state).toMatchObject({ level: "unknown", reason: "gateway-unreachable" });
  expect(state.sentence).toBe("Gateway main cannot be reached for 42 s; the state of its nodes is unknown.");
});

test("an old status is unknown even on an open connection", () => {
  const silent = { ...reachable(gatewayStatus([groupStatus([nodeStatus("bn1")])])), lastContactAt: now - 11_000 };
  expect(judgeState([silent], now)).toMatchObject({ level: "unknown", reason: "status-stale" });
});

test("nothing watched is unknown", () => {
  expect(judgeState([], now)).toMatchObject({ level: "unknown", reason: "nothing-watched" });
});

test("right after the start silence is no alarm, later it is", () => {
  const nodes = [nodeStatus("bn1", { health: "unknown", reason: "not-probed-yet", detail: "" })];
  const view = { kind: "none", ready: [], head: undefined } as const;
  const young = gatewayStatus([groupStatus(nodes, view)], { startedAt: now - 2_000 });
  const old = gatewayStatus([groupStatus(nodes, view)], { startedAt: now - 60_000 });
  expect(judgeState([reachable(young)], now)).toMatchObject({ level: "unknown", reason: "starting" });
  expect(judgeState([reachable(old)], now)).toMatchObject({ level: "bad", reason: "no-node-ready" });
});

test("with several gateways the worst speaks, names itself and counts the rest", () => {
  const good = reachable(gatewayStatus([groupStatus([nodeStatus("bn1")])]), "a");
  const warned = reachable(gatewayStatus([groupStatus([nodeStatus("bn1"), down("bn2"), nodeStatus("bn3")])]), "b");
  const bad = reachable(gatewayStatus([groupStatus([down("bn1")], { kind: "none", ready: [] })]), "c");
  const state = judgeState([good, warned, bad], now);
  expect(state.level).toBe("bad");
  expect(state.sentence).toMatch(/^c: No beacon node is ready.*\(and 1 more matter, see Nodes\)$/);
});

test("a refused config file is said while everything else is fine", () => {
  const status = gatewayStatus([groupStatus([nodeStatus("bn1"), nodeStatus("bn2")])], {
    configError: "slotkeeper.yaml:3: unknown key.",
  });
  expect(judgeState([reachable(status)], now)).toMatchObject({ level: "warning", reason: "config-not-taken-over" });
});
