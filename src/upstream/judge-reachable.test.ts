import { expect, test } from "vitest";
import { blockAt, readyGroup, testGroup } from "./judge-fixture.ts";

test("a node that was never probed is unknown, and nothing serves", () => {
  const group = testGroup([{ name: "a" }]);
  group.tell({ kind: "tick" });
  expect(group.health("a")).toBe("unknown: not-probed-yet");
  expect(group.state.view).toMatchObject({ kind: "none", ready: [], signingInputs: [] });
});

test("a refused probe makes the node down and takes it out of the view in the same step", () => {
  const group = readyGroup();
  group.fail("a", { kind: "refused" });
  expect(group.health("a")).toBe("down: connection-refused");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["b", "c"], signingInputs: ["b", "c"] });
  expect(group.transitions.at(-1)).toMatchObject({
    node: "a",
    from: "ready",
    to: "down",
    reason: "connection-refused",
  });
});

test("a broken stream makes the node suspect at once and asks for a probe; its answer clears the doubt", () => {
  const group = readyGroup();
  group.tell({ kind: "stream-opened", node: "a" });
  group.advance(10);
  group.tell({ kind: "stream-broken", node: "a", detail: "reset", isAsked: false });
  expect(group.health("a")).toBe("suspect: stream-broken");
  expect(group.takeWanted()).toContainEqual({ kind: "probe", node: "a", probe: "syncing" });
  group.syncing("a");
  expect(group.health("a")).toBe("ready: in-sync");
});

test("an answer to a question asked before the doubt does not clear it", () => {
  const group = readyGroup();
  const askedAt = group.now;
  group.advance(10);
  group.tell({ kind: "stream-broken", node: "a", detail: "reset", isAsked: false });
  group.answer(
    "a",
    {
      probe: "syncing",
      status: { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
    },
    { askedAt },
  );
  expect(group.health("a")).toBe("suspect: stream-broken");
});

test("a stream that Slotkeeper itself opens anew raises no doubt", () => {
  const group = readyGroup();
  group.tell({ kind: "stream-broken", node: "a", detail: "asked", isAsked: true });
  expect(group.health("a")).toBe("ready: in-sync");
});

test.each(["refused", "reset", "unreachable"] as const)(
  "a proxied call that was %s makes the node suspect and probes it",
  (outcome) => {
    const group = readyGroup();
    group.tell({ kind: "call", observation: { node: "a", isCheap: false, outcome, latencyMs: 1, detail: "" } });
    expect(group.health("a")).toBe("suspect: call-failed");
    expect(group.takeWanted()).toContainEqual({ kind: "probe", node: "a", probe: "syncing" });
  },
);

test("a timeout condemns only on a cheap route: a slow block build is no fault", () => {
  const group = readyGroup();
  const call = (isCheap: boolean) =>
    group.tell({ kind: "call", observation: { node: "a", isCheap, outcome: "timeout", latencyMs: 2000, detail: "" } });
  call(false);
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.takeWanted()).toEqual([]);
  call(true);
  expect(group.health("a")).toBe("suspect: call-failed");
});

test("odd answers to proxied calls are a reason to probe and no more", () => {
  const group = readyGroup();
  for (const outcome of ["status-5xx", "not-ready", "garbage"] as const)
    group.tell({ kind: "call", observation: { node: "a", isCheap: true, outcome, latencyMs: 1, detail: "" } });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.takeWanted()).toHaveLength(3);
});

test("calls that keep failing keep the node suspect although its probes answer, until ten quiet seconds have passed", () => {
  const group = readyGroup();
  for (let call = 0; call < 3; call++) {
    group.tell({
      kind: "call",
      observation: { node: "a", isCheap: true, outcome: "timeout", latencyMs: 500, detail: "" },
    });
    group.advance(100);
  }
  group.syncing("a");
  expect(group.health("a")).toBe("suspect: call-failed");
  group.advance(10_000);
  group.syncing("a");
  expect(group.health("a")).toBe("ready: in-sync");
});

test("a late answer is doubt, a missing one is asked again, a second missing one is down", () => {
  const group = readyGroup();
  group.tell({ kind: "probe-slow", node: "a" });
  expect(group.health("a")).toBe("suspect: slow-answer");
  group.fail("a", { kind: "timeout" });
  expect(group.health("a")).toBe("suspect: no-answer");
  expect(group.takeWanted()).toContainEqual({ kind: "probe", node: "a", probe: "syncing" });
  group.fail("a", { kind: "timeout" });
  expect(group.health("a")).toBe("down: no-answer");
});

test("a stream that is silent while another node saw a head is a reason to probe", () => {
  const group = readyGroup();
  for (const name of ["a", "b"]) group.tell({ kind: "stream-opened", node: name });
  group.advance(12_000);
  group.takeWanted();
  group.tell({ kind: "stream-head", node: "b", ...blockAt(1001), isOptimistic: false });
  expect(group.takeWanted()).toContainEqual({ kind: "probe", node: "a", probe: "syncing" });
});

test("a stream that stays silent while its own node moves on is opened anew, without doubt of the node", () => {
  const group = readyGroup();
  group.tell({ kind: "stream-opened", node: "a" });
  group.advance(12_000);
  group.syncing("a", { headSlot: 1001 });
  group.advance(5000);
  expect(group.takeWanted()).toContainEqual(expect.objectContaining({ kind: "reopen-stream", node: "a" }));
  expect(group.health("a")).toBe("ready: in-sync");
});

test.each([
  ["206", { kind: "status", status: 206 }, "syncing: not-ready-status"],
  ["503", { kind: "status", status: 503 }, "syncing: not-ready-status"],
  ["500 twice", { kind: "status", status: 500 }, "down: http-error"],
  ["404 twice", { kind: "status", status: 404 }, "down: not-a-beacon-node"],
  ["HTML twice", { kind: "not-json" }, "down: not-a-beacon-node"],
  ["wrong types twice", { kind: "wrong-shape" }, "down: answer-unreadable"],
  ["an endless body twice", { kind: "too-large" }, "down: answer-unreadable"],
  ["resets twice", { kind: "reset" }, "down: connection-reset"],
  ["an unknown host", { kind: "unreachable" }, "down: host-unreachable"],
  ["a bad certificate", { kind: "tls" }, "down: tls-failed"],
] as const)("%s", (_, failure, health) => {
  const group = readyGroup();
  group.fail("a", failure);
  expect(group.node("a").verdict.health).not.toBe("ready");
  group.fail("a", failure);
  expect(group.health("a")).toBe(health);
  expect(group.state.view.ready).toEqual(["b", "c"]);
});

test("unreadable events are a warning on the node for a minute, not an eviction", () => {
  const group = readyGroup();
  group.tell({ kind: "stream-garbage", node: "a", detail: "head event is not JSON" });
  expect(group.node("a").warnings).toMatchObject([{ reason: "events-unreadable" }]);
  expect(group.health("a")).toBe("ready: in-sync");
  group.advance(61_000);
  expect(group.node("a").warnings).toEqual([]);
  expect(group.transitions.filter((each) => each.kind === "warning").map((each) => each.to)).toEqual([
    "raised",
    "clear",
  ]);
});

test("a node that answers again is asked everything anew, and its stream is opened at once", () => {
  const group = readyGroup();
  group.fail("a", { kind: "refused" });
  group.takeWanted();
  group.syncing("a");
  const wanted = group.takeWanted();
  for (const probe of ["genesis", "spec", "forks", "version", "peers", "head", "finality"] as const)
    expect(wanted).toContainEqual({ kind: "probe", node: "a", probe });
  expect(wanted).toContainEqual(expect.objectContaining({ kind: "reopen-stream", node: "a" }));
});

test("all nodes doubtful: reads and signing inputs still have somewhere to go", () => {
  const group = readyGroup();
  for (const name of ["a", "b", "c"]) group.tell({ kind: "probe-slow", node: name });
  expect(group.state.view).toMatchObject({ kind: "degraded", reason: "nobody-ready", ready: [] });
  expect(group.state.view.fallback).toEqual(["a", "b", "c"]);
  expect(group.state.view.signingInputs).toEqual(["a", "b", "c"]);
});
