import { describe, expect, test } from "vitest";
import { supportOf } from "./branches.ts";
import { blockAt, readyGroup, root, slotMs, startSlot, testGroup, type TestGroup } from "./judge-fixture.ts";

/** The parent of the first block of a fork is on the main chain; the fork is `length` slots long. */
function fork(group: TestGroup, node: string, chain: string, fromSlot: number, toSlot: number): void {
  for (let slot = fromSlot; slot <= toSlot; slot++) {
    const block = blockAt(slot, chain);
    group.head(node, slot === fromSlot ? { ...block, parentRoot: blockAt(slot - 1).root } : block);
  }
  group.syncing(node);
}

/** Slot 1000 is in epoch 31; with epoch 31 justified (slot 992), a fork from slot 990 parts before it. */
const justifiedEpoch = Math.floor(startSlot / 32);
const before = justifiedEpoch * 32 - 2;

function threeNodes(families: readonly [string, string][]): TestGroup {
  const group = testGroup(
    families.map(([client, executionClient], index) => ({ name: "abcdefg"[index] ?? "x", client, executionClient })),
  );
  for (const [index] of families.entries()) {
    const name = "abcdefg"[index] ?? "x";
    group.network(name);
    for (let slot = before - 2; slot <= startSlot; slot++) group.head(name, blockAt(slot));
    group.syncing(name);
    group.finality(name, [justifiedEpoch, "j"], [justifiedEpoch - 1, "f"]);
  }
  group.takeWanted();
  return group;
}

test("two competing blocks of one slot are one branch: nobody is taken out", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  group.advance(slotMs);
  group.head("a", blockAt(1001));
  group.head("b", blockAt(1001));
  fork(group, "c", "x", 1001, 1001);
  expect(group.state.view).toMatchObject({ kind: "serving", head: { slot: 1001, root: blockAt(1001).root } });
  expect(group.health("c")).toBe("ready: in-sync");
});

test("a branch with less support is left, with the same checkpoints on both", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  fork(group, "c", "x", before, startSlot);
  expect(group.health("c")).toBe("suspect: minority-branch");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a", "b"], signingInputs: ["a", "b"] });
});

test("a tie never switches: two clients of one family outweigh nothing", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["teku", "besu"],
  ]);
  group.operator("b", "cordoned");
  group.operator("c", "cordoned");
  fork(group, "b", "x", before, startSlot);
  fork(group, "c", "x", before, startSlot);
  expect(group.state.view.ready).toEqual(["a"]);
  group.operator("b", "active");
  group.operator("c", "active");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a"], head: { root: blockAt(startSlot).root } });
  expect(group.health("b")).toBe("suspect: minority-branch");
});

test("more support switches, and says so", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  group.operator("b", "cordoned");
  group.operator("c", "cordoned");
  fork(group, "b", "x", before, startSlot);
  fork(group, "c", "x", before, startSlot);
  group.operator("b", "active");
  expect(group.state.view.ready).toEqual(["a"]);
  group.operator("c", "active");
  expect(group.state.view).toMatchObject({ ready: ["b", "c"], head: { root: blockAt(startSlot, "x").root } });
  expect(group.health("a")).toBe("suspect: minority-branch");
  expect(group.transitions.at(-1)).toMatchObject({ kind: "view", reason: "branch-switched" });
});

test("support is the smaller of distinct consensus and execution clients; unknown ones are one together", () => {
  const nodes = (families: readonly [string, string][]) => threeNodes(families).state.nodes;
  expect(
    supportOf(
      nodes([
        ["lighthouse", "geth"],
        ["teku", "geth"],
      ]),
    ),
  ).toBe(1);
  expect(
    supportOf(
      nodes([
        ["lighthouse", "geth"],
        ["teku", "besu"],
      ]),
    ),
  ).toBe(2);
  expect(
    supportOf(
      nodes([
        ["mystery", "geth"],
        ["riddle", "besu"],
      ]),
    ),
  ).toBe(1);
});

test("trap 18: two branches with different checkpoints are a split: signing inputs are held until a person picks one", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  group.finality("c", [justifiedEpoch, "other"], [justifiedEpoch - 1, "f"]);
  expect(group.state.view).toMatchObject({ kind: "split", reason: "split", signingInputs: [] });
  expect(group.transitions.at(-1)).toMatchObject({ kind: "view", from: "serving", to: "split" });
  expect(group.transitions.at(-1)?.detail).toContain(root("other").slice(0, 10));
  group.operator("c", "cordoned");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a", "b"], signingInputs: ["a", "b"] });
});

test("checkpoints from before a reorganisation are asked for again before they make a split", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  group.advance(slotMs);
  for (const name of ["a", "b", "c"]) group.head(name, blockAt(1001));
  group.takeWanted();
  group.answer(
    "c",
    {
      probe: "finality",
      finality: {
        previousJustified: { epoch: 1, root: root("x") },
        justified: { epoch: justifiedEpoch, root: root("old") },
        finalized: { epoch: justifiedEpoch - 1, root: root("f") },
      },
    },
    { askedAt: group.now - slotMs },
  );
  expect(group.state.view.kind).toBe("serving");
  expect(group.takeWanted()).toContainEqual({ kind: "probe", node: "c", probe: "finality" });
});

test("a new head does not end a split", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  group.finality("c", [justifiedEpoch, "other"], [justifiedEpoch - 1, "f"]);
  group.advance(slotMs);
  group.head("a", blockAt(1001));
  group.head("c", blockAt(1001, "x"));
  expect(group.state.view).toMatchObject({ kind: "split", signingInputs: [] });
  group.finality("c", [justifiedEpoch, "j"], [justifiedEpoch - 1, "f"]);
  group.head("c", blockAt(1001));
  expect(group.state.view).toMatchObject({ kind: "serving" });
});

test("a person may pick the smaller branch of a split", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
    ["nimbus", "reth"],
  ]);
  fork(group, "c", "x", before, startSlot);
  group.finality("c", [justifiedEpoch, "other"], [justifiedEpoch - 1, "f"]);
  expect(group.state.view.kind).toBe("split");
  group.operator("a", "cordoned");
  group.operator("b", "cordoned");
  expect(group.state.view).toMatchObject({
    kind: "serving",
    ready: ["c"],
    head: { root: blockAt(startSlot, "x").root },
  });
});

test("checkpoints of different epochs on one branch are no split: one node is only later", () => {
  const group = threeNodes([
    ["lighthouse", "geth"],
    ["teku", "besu"],
  ]);
  group.finality("a", [justifiedEpoch + 1, "j2"], [justifiedEpoch, "j"]);
  expect(group.state.view).toMatchObject({
    kind: "serving",
    justified: { epoch: justifiedEpoch + 1 },
    ready: ["a", "b"],
  });
});

test("a head whose ancestry is not known yet evicts nobody and is looked up", () => {
  const group = readyGroup();
  group.advance(slotMs);
  group.tell({ kind: "stream-head", node: "a", slot: 1001, root: root("surprise"), isOptimistic: false });
  expect(["a", "b", "c"].map(group.health)).toEqual(Array(3).fill("ready: in-sync"));
  expect(group.takeWanted()).toContainEqual({ kind: "header", node: "a", root: root("surprise") });
});

test("the generation rises by one whenever the view changes, and never otherwise", () => {
  const group = readyGroup();
  const generation = group.state.view.generation;
  group.syncing("a");
  group.advance(100);
  expect(group.state.view.generation).toBe(generation);
  group.advance(slotMs);
  group.head("a", blockAt(1001));
  expect(group.state.view.generation).toBe(generation);
  group.head("b", blockAt(1001));
  expect(group.state.view).toMatchObject({ generation: generation + 1, head: { slot: 1001 }, changedAt: group.now });
});

describe("a new head that one of three nodes has alone", () => {
  test("is not served before a second node has it: a fork's head that comes first is never told", () => {
    const group = readyGroup();
    group.advance(slotMs);
    group.head("a", { ...blockAt(1001, "fork"), parentRoot: blockAt(1000).root });
    expect(group.state.view.head?.slot).toBe(1000);
    group.advance(150);
    group.head("b", blockAt(1001));
    group.head("c", blockAt(1001));
    expect(group.state.view.head?.root).toBe(blockAt(1001).root);
    group.advance(1_000);
    expect(group.state.view.head?.root).toBe(blockAt(1001).root);
  });

  test("is served when the others stay silent for a while: a slow network is no reason to vote for an old head", () => {
    const group = readyGroup();
    group.advance(slotMs);
    group.head("a", blockAt(1001));
    group.advance(399);
    expect(group.state.view.head?.slot).toBe(1000);
    group.advance(1);
    expect(group.state.view.head).toMatchObject({ slot: 1001, root: blockAt(1001).root });
  });

  test("is served at once in a group of two, where nobody could decide between them", () => {
    const group = readyGroup(["a", "b"]);
    group.advance(slotMs);
    group.head("a", blockAt(1001));
    expect(group.state.view.head?.slot).toBe(1001);
  });
});
