import { expect, test } from "vitest";
import { blockAt, followChain, readyGroup, slotMs, startAt, testGroup } from "./judge-fixture.ts";

test.each([
  [{ isSyncing: true, syncDistance: 40 }, "syncing: is-syncing"],
  [{ isOptimistic: true }, "syncing: is-optimistic"],
  [{ elOffline: true }, "suspect: el-offline"],
  [{ isSyncing: undefined }, "unknown: sync-state-unknown"],
] as const)("%o is not ready", (changes, health) => {
  const group = readyGroup();
  group.syncing("a", changes);
  expect(group.health("a")).toBe(health);
  expect(group.state.view.ready).toEqual(["b", "c"]);
});

test("el_offline is younger than many nodes: its absence is shown as unknown and does not evict", () => {
  const group = readyGroup();
  group.syncing("a", { elOffline: undefined });
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.node("a").syncing?.elOffline).toBeUndefined();
});

test("a node that does not say whether it is optimistic is not used, unless its head says so", () => {
  const group = testGroup([{ name: "a" }]);
  group.network("a");
  group.syncing("a", { isOptimistic: undefined });
  expect(group.health("a")).toBe("unknown: sync-state-unknown");
  group.head("a", blockAt(1000), false);
  expect(group.health("a")).toBe("ready: in-sync");
});

test("an optimistic node never serves signing inputs, even as the only one", () => {
  const group = testGroup([{ name: "a" }]);
  group.makeReady("a");
  group.syncing("a", { isOptimistic: true });
  expect(group.state.view).toMatchObject({ kind: "degraded", ready: [], fallback: ["a"], signingInputs: [] });
});

test("trap 3: a node that claims to be in sync with a stale head is out in its third missed slot", () => {
  const group = readyGroup();
  followChain(group, ["b", "c"], 2);
  expect(group.health("a")).toBe("ready: in-sync");
  // It is no longer preferred long before: who is on the view's head comes first.
  group.advance(slotMs / 4);
  expect(group.state.view.ready).toEqual(["b", "c", "a"]);
  followChain(group, ["b", "c"], 1);
  group.advance(slotMs / 3);
  expect(group.health("a")).toBe("suspect: head-behind");
  group.head("a", blockAt(group.slotNow()));
  expect(group.health("a")).toBe("ready: in-sync");
});

test("after empty slots, the first node to have the next block does not make the others look behind", () => {
  const group = readyGroup();
  group.advance(5 * slotMs);
  const late = { ...blockAt(1005), parentRoot: blockAt(1000).root };
  group.head("a", late);
  expect(["a", "b", "c"].map(group.health)).toEqual(Array(3).fill("ready: in-sync"));
  group.advance(500);
  group.head("b", late);
  group.head("c", late);
  group.advance(slotMs);
  expect(["a", "b", "c"].map(group.health)).toEqual(Array(3).fill("ready: in-sync"));
});

test("of two nodes, the higher head is believed when its ancestry holds the other's", () => {
  const group = readyGroup(["a", "b"]);
  followChain(group, ["b"], 3);
  group.advance(slotMs / 3);
  expect(group.health("a")).toBe("suspect: head-behind");
});

test("of two nodes, a higher head of unknown ancestry evicts nobody, and its ancestry is looked up", () => {
  const group = readyGroup(["a", "b"]);
  group.advance(5 * slotMs);
  group.takeWanted();
  group.tell({ kind: "stream-head", node: "b", slot: 1005, root: blockAt(1005, "x").root, isOptimistic: false });
  group.advance(slotMs);
  expect(group.health("a")).toBe("ready: in-sync");
  expect(group.state.view.head?.slot).toBe(1000);
  expect(group.takeWanted()).toContainEqual({ kind: "header", node: "b", root: blockAt(1005, "x").root });
});

test("trap 3: one rogue ahead does not evict the majority, nor become the head that is served", () => {
  const group = readyGroup();
  group.advance(6 * slotMs);
  for (let slot = 1001; slot <= 1006; slot++) group.head("c", blockAt(slot, "rogue"));
  for (const name of ["a", "b", "c"]) group.syncing(name);
  expect([group.health("a"), group.health("b")]).toEqual(["ready: in-sync", "ready: in-sync"]);
  expect(group.state.view.head?.slot).toBe(1000);
  group.advance(2 * slotMs);
  expect(group.health("c")).toBe("suspect: head-uncorroborated");
});

test("a head in the future makes that node suspect, not the others", () => {
  const group = readyGroup();
  group.syncing("a", { headSlot: 1300 });
  expect(group.health("a")).toBe("suspect: head-in-future");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["b", "c"], signingInputs: ["b", "c"] });
});

test("trap 18: all heads in the future by the same time: our own clock is suspected and nobody evicted", () => {
  const group = readyGroup();
  for (const name of ["a", "b", "c"]) group.head(name, blockAt(1300));
  for (const name of ["a", "b", "c"]) group.syncing(name);
  expect(["a", "b", "c"].map(group.health)).toEqual(Array(3).fill("ready: in-sync"));
  expect(group.node("a").warnings).toMatchObject([{ reason: "own-clock-suspect" }]);
  expect(group.state.view).toMatchObject({ kind: "serving", signingInputs: ["a", "b", "c"] });
});

test("our clock an hour ahead, by the nodes' own clocks: a warning, and signing inputs go on", () => {
  const group = readyGroup();
  group.advance(3_600_000);
  for (const name of ["a", "b", "c"]) {
    group.answer(
      name,
      {
        probe: "syncing",
        status: { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
      },
      { serverTimeAt: startAt },
    );
  }
  expect(group.node("b").warnings).toMatchObject([{ reason: "own-clock-suspect" }]);
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a", "b", "c"], signingInputs: ["a", "b", "c"] });
});

test("live heads that all lag alike for two slots speak against our clock too", () => {
  const group = readyGroup();
  group.advance(20 * slotMs);
  for (let slot = 1001; slot <= 1004; slot++) {
    for (const name of ["a", "b", "c"]) {
      group.head(name, blockAt(slot));
      group.syncing(name, { headSlot: slot });
    }
    group.advance(slotMs);
  }
  expect(group.node("a").warnings).toMatchObject([{ reason: "own-clock-suspect" }]);
  expect(group.state.view.signingInputs).toEqual(["a", "b", "c"]);
});

test("one node's clock an hour off is a warning on that node alone", () => {
  const group = readyGroup();
  for (const [name, offset] of [
    ["a", 3_600_000],
    ["b", 0],
    ["c", 0],
  ] as const)
    group.answer(
      name,
      {
        probe: "syncing",
        status: { headSlot: 1000, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
      },
      { serverTimeAt: group.now + offset },
    );
  expect(group.node("a").warnings).toMatchObject([{ reason: "node-clock-off" }]);
  expect(group.node("b").warnings).toEqual([]);
  expect(group.health("a")).toBe("ready: in-sync");
});

test("more than eight slots behind: nodes that agree stay ready for reads, and signing inputs are held", () => {
  const group = readyGroup();
  group.advance(8 * slotMs);
  expect(group.state.view).toMatchObject({ kind: "serving", signingInputs: ["a", "b", "c"] });
  group.advance(slotMs);
  expect(group.state.view).toMatchObject({
    kind: "degraded",
    reason: "signing-held",
    ready: ["a", "b", "c"],
    signingInputs: [],
  });
});

test("a chain that has no block yet is not behind, whatever the time", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  for (const name of ["a", "b"]) {
    group.network(name);
    group.head(name, blockAt(0));
    group.syncing(name);
  }
  expect(group.state.view).toMatchObject({ kind: "serving", signingInputs: ["a", "b"] });
});

test("a node without peers for 30 s is suspect while another is ready, and only then", () => {
  const group = readyGroup(["a", "b"]);
  const peers = (node: string, connected: number) => group.answer(node, { probe: "peers", connected });
  peers("a", 0);
  peers("b", 60);
  group.advance(29_000);
  peers("a", 0);
  expect(group.health("a")).toBe("ready: in-sync");
  group.advance(1000);
  expect(group.health("a")).toBe("suspect: peers-zero");
  group.fail("b", { kind: "refused" });
  expect(group.health("a")).toBe("ready: in-sync");
  group.syncing("b");
  peers("a", 3);
  expect(group.health("a")).toBe("ready: in-sync");
});

test("every node without peers: nobody is taken out for it", () => {
  const group = readyGroup(["a", "b"]);
  for (const node of ["a", "b"]) group.answer(node, { probe: "peers", connected: 0 });
  group.advance(60_000);
  expect(group.state.view.ready).toEqual(["a", "b"]);
});
