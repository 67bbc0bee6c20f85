import { expect, test } from "vitest";
import { genesisTimeMs, readyGroup, root, slotMs, testGroup } from "./judge-fixture.ts";

const genesisBlock = { slot: 0, root: root("m0"), parentRoot: root("none") };
const wiped = { headSlot: 0, syncDistance: 1000, isSyncing: true };

test("nodes that were all wiped and sync from genesis serve no signing inputs, though they all agree", () => {
  const group = readyGroup();
  for (const name of ["a", "b", "c"]) {
    group.head(name, genesisBlock);
    group.syncing(name, wiped);
  }
  expect(group.state.view.ready).toEqual([]);
  expect(group.state.view.signingInputs).toEqual([]);
  expect(group.state.view.kind).toBe("degraded");
});

test("the same holds for a gateway that has just started and never saw a block", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  for (const name of ["a", "b"]) {
    group.network(name);
    group.head(name, genesisBlock);
    group.syncing(name, wiped);
  }
  expect(group.state.view.signingInputs).toEqual([]);
});

test("before genesis nobody doubts our clock, and the genesis block may be built upon", () => {
  const group = testGroup([{ name: "a" }, { name: "b" }]);
  group.advance(genesisTimeMs - 10 * slotMs - group.now);
  for (const name of ["a", "b"]) {
    group.network(name);
    group.head(name, genesisBlock);
    group.syncing(name, { headSlot: 0 });
  }
  expect(group.state.view.signingInputs).toEqual(["a", "b"]);
  expect(group.transitions.filter(({ kind }) => kind === "warning")).toEqual([]);
});
