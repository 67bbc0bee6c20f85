import { expect, test } from "vitest";
import { blockAt, readyGroup, slotMs } from "./judge-fixture.ts";

/** Doubts that a loaded machine raises by itself must not decide who serves. */

test("a cheap call that is late is a reason to probe and no more: the view does not change", () => {
  const group = readyGroup();
  const { view } = group.state;
  for (const name of ["a", "b", "c"]) group.tell({ kind: "suspected", node: name, detail: "no byte in 222 ms" });
  expect(group.state.view).toBe(view);
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.takeWanted().filter(({ kind }) => kind === "probe")).toHaveLength(3);
});

test("a thousand late calls make no transition; the probe that is late as well does, once", () => {
  const group = readyGroup();
  const before = group.transitions.length;
  for (let call = 0; call < 1_000; call++) group.tell({ kind: "suspected", node: "a", detail: "no byte in 222 ms" });
  expect(group.transitions).toHaveLength(before);
  group.tell({ kind: "probe-slow", node: "a" });
  group.tell({ kind: "probe-slow", node: "a" });
  expect(group.health("a")).toBe("suspect: slow-answer");
  expect(group.transitions).toHaveLength(before + 1);
});

test("a late probe that answers after all ends the doubt that it raised, and costs no preference", () => {
  const group = readyGroup();
  const askedAt = group.now;
  group.advance(500);
  group.tell({ kind: "probe-slow", node: "a" });
  expect(group.state.view.ready).toEqual(["b", "c"]);
  group.advance(100);
  const status = { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false };
  group.answer("a", { probe: "syncing", status }, { askedAt, latencyMs: 600 });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});

test("calls that fail for longer than a slot while each probe answers cost no preference either", () => {
  const group = readyGroup();
  for (let second = 0; second < 20; second++) {
    const observation = { node: "a", isCheap: true, outcome: "timeout", latencyMs: 500, detail: "" } as const;
    group.tell({ kind: "call", observation });
    group.advance(1_000);
    group.syncing("a");
  }
  expect(group.health("a")).toBe("suspect: call-failed");
  group.advance(slotMs);
  for (const name of ["a", "b", "c"]) group.head(name, blockAt(group.slotNow()));
  group.syncing("a");
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});

test("the head that a stream told is not taken back by the node's API, which is a moment behind", () => {
  const group = readyGroup();
  group.tell({ kind: "stream-opened", node: "a" });
  group.advance(slotMs);
  group.head("a", blockAt(1001));
  group.head("b", blockAt(1001));
  group.advance(50);
  const old = { probe: "head", header: { ...blockAt(1000), isCanonical: true, proposerIndex: 0 } } as const;
  group.answer("a", { ...old, isOptimistic: false });
  expect(group.node("a").head?.slot).toBe(1001);
  expect(group.state.view.head?.slot).toBe(1001);
  group.advance(1_500);
  group.answer("a", { ...old, isOptimistic: false });
  expect(group.node("a").head?.slot).toBe(1000);
});

// The view must be on a head that a ready node has: votes are agreed only with a node on it.
test("while the only node with the newest head is doubted the view goes back to the head that a ready node has", () => {
  const group = readyGroup(["a", "b"]);
  for (let slot = 0; slot < 2; slot++) {
    group.advance(slotMs);
    group.head("b", blockAt(group.slotNow()));
    for (const name of ["a", "b"]) group.syncing(name);
  }
  expect(group.state.view).toMatchObject({ head: { slot: 1002 }, ready: ["a", "b"] });
  group.fail("b", { kind: "reset" });
  expect(group.health("b")).toBe("suspect: connection-reset");
  expect(group.state.view).toMatchObject({ head: { slot: 1000 }, ready: ["a"], signingInputs: ["a", "b"] });
  group.syncing("b");
  expect(group.state.view).toMatchObject({ head: { slot: 1002 }, ready: ["a", "b"] });
  expect(group.transitions.filter(({ reason }) => reason === "branch-switched")).toEqual([]);
});
