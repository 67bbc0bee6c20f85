import { expect, test } from "vitest";
import { followChain, readyGroup, slotMs, testGroup } from "./judge-fixture.ts";

const epochMs = 32 * slotMs;

function bringBack(group: ReturnType<typeof readyGroup>): void {
  group.fail("a", { kind: "refused" });
  group.advance(500);
  group.takeWanted();
  group.syncing("a");
}

test("nothing warms up at start", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  group.fail("a", { kind: "refused" });
  group.makeReady("a");
  group.makeReady("b");
  expect(group.takeWanted().filter((wanted) => wanted.kind === "gate")).toEqual([]);
  expect(group.state.view.ready).toEqual(["a", "b"]);
});

test("a node that was down is warming until its state is replayed, asked for once", () => {
  const group = readyGroup();
  bringBack(group);
  expect(group.health("a")).toBe("warming: warming-replay");
  group.syncing("a");
  expect(group.takeWanted().filter((wanted) => wanted.kind === "gate")).toEqual([{ kind: "gate", node: "a" }]);
  expect(group.state.view).toMatchObject({ ready: ["b", "c"], signingInputs: ["b", "c", "a"] });
});

test("then it may serve at once, and is preferred again after two stable epochs", () => {
  const group = readyGroup();
  bringBack(group);
  group.tell({ kind: "gate-finished", node: "a" });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
  followChain(group, ["a", "b", "c"], 63);
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
  followChain(group, ["a", "b", "c"], 1);
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});

test("peers under half of the usual keep it less preferred", () => {
  const group = readyGroup();
  group.answer("a", { probe: "peers", connected: 100 });
  bringBack(group);
  group.tell({ kind: "gate-finished", node: "a" });
  group.answer("a", { probe: "peers", connected: 20 });
  followChain(group, ["a", "b", "c"], 65);
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
  group.answer("a", { probe: "peers", connected: 80 });
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});

test("a doubt of a moment costs no preference; an absence of more than a slot does", () => {
  const group = readyGroup();
  group.tell({ kind: "probe-slow", node: "a" });
  group.advance(300);
  group.syncing("a");
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
  group.syncing("a", { isSyncing: true });
  followChain(group, ["b", "c"], 2);
  group.makeReady("a");
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
});

test("going down again while warming starts over", () => {
  const group = readyGroup();
  bringBack(group);
  bringBack(group);
  expect(group.takeWanted().filter((wanted) => wanted.kind === "gate")).toHaveLength(1);
  group.tell({ kind: "gate-finished", node: "a" });
  group.fail("a", { kind: "refused" });
  group.advance(2 * epochMs);
  group.makeReady("a");
  expect(group.health("a")).toBe("warming: warming-replay");
});

test("priority decides between equals; order of the config between equal priorities; latency between", () => {
  const group = testGroup([
    { name: "a", priority: 2 },
    { name: "b", priority: 1 },
    { name: "c", priority: 1 },
  ]);
  for (const name of ["a", "b", "c"]) group.makeReady(name);
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
  for (let probe = 0; probe < 30; probe++)
    group.answer(
      "b",
      {
        probe: "syncing",
        status: { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
      },
      { latencyMs: 300 },
    );
  expect(group.state.view.ready).toEqual(["c", "b", "a"]);
});

test.each(["cordoned", "draining", "maintenance"] as const)(
  "a %s node serves nothing, whatever its health",
  (operator) => {
    const group = readyGroup();
    group.operator("a", operator);
    expect(group.health("a")).toBe("ready: in-sync");
    expect(group.state.view).toMatchObject({ ready: ["b", "c"], signingInputs: ["b", "c"] });
    expect(group.transitions).toContainEqual(
      expect.objectContaining({ node: "a", kind: "operator", from: "active", to: operator }),
    );
    group.operator("a", "active");
    // In maintenance it is told nothing, so it comes back by way of the replay (judge-drain.test.ts).
    expect(group.state.view.ready).toEqual(operator === "maintenance" ? ["b", "c"] : ["a", "b", "c"]);
  },
);

test("one slow answer does not reorder equal nodes", () => {
  const group = readyGroup();
  const status = { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false };
  group.answer("a", { probe: "syncing", status }, { latencyMs: 900 });
  expect(group.state.view.ready).toEqual(["a", "b", "c"]);
});
