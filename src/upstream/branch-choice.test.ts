import { expect, test } from "vitest";
import { chooseBranch, type ChosenBranch } from "./branch-choice.ts";
import { blockAt, slotMs, startSlot, testGroup, type TestGroup } from "./judge-fixture.ts";

const justified = Math.floor(startSlot / 32);
/** Where the fork parts: before the justified epoch's first slot. */
const partsAt = justified * 32 - 2;

/** Nodes a and b on the main chain, c on a fork with another justified checkpoint. */
function splitGroup(): TestGroup {
  const group = testGroup([
    { name: "a", client: "lighthouse", executionClient: "geth" },
    { name: "b", client: "teku", executionClient: "besu" },
    { name: "c", client: "nimbus", executionClient: "reth" },
  ]);
  for (const name of ["a", "b", "c"]) {
    group.network(name);
    for (let slot = partsAt - 2; slot <= startSlot; slot++) group.head(name, blockAt(slot));
    group.syncing(name);
    group.finality(name, [justified, "j"], [justified - 1, "f"]);
  }
  grow(group, "c", partsAt, startSlot);
  group.finality("c", [justified, "other"], [justified - 1, "f"]);
  expect(group.state.view.kind).toBe("split");
  return group;
}

/** Blocks of the fork, whose first has its parent on the main chain. */
function grow(group: TestGroup, node: string, from: number, to: number): void {
  for (let slot = from; slot <= to; slot++) {
    const block = blockAt(slot, "x");
    group.head(node, slot === partsAt ? { ...block, parentRoot: blockAt(slot - 1).root } : block);
  }
  group.syncing(node);
}

function choose(group: TestGroup, root: string): ChosenBranch {
  const choice = chooseBranch(group.state, root, "anna", group.now);
  group.tell({ kind: "branch-chosen", choice });
  return choice;
}

const forkHead = blockAt(startSlot, "x").root;
const mainHead = blockAt(startSlot).root;

test("in a split the branches are listed with what a person needs to choose", () => {
  expect(splitGroup().state.choices).toEqual([
    {
      root: mainHead,
      slot: startSlot,
      nodes: ["a", "b"],
      support: 2,
      justifiedEpoch: justified,
      finalizedEpoch: justified - 1,
    },
    {
      root: forkHead,
      slot: startSlot,
      nodes: ["c"],
      support: 1,
      justifiedEpoch: justified,
      finalizedEpoch: justified - 1,
    },
  ]);
});

test("a chosen branch is served, signing inputs and all, and the choice is on record", () => {
  const group = splitGroup();
  choose(group, forkHead);
  expect(group.state.view).toMatchObject({
    kind: "serving",
    reason: "branch-chosen",
    ready: ["c"],
    signingInputs: ["c"],
    head: { root: forkHead },
  });
  expect(group.health("a")).toBe("suspect: minority-branch");
  expect(group.transitions).toContainEqual(
    expect.objectContaining({ kind: "view", to: forkHead, reason: "branch-chosen", detail: "by anna: nodes c" }),
  );
});

test("the choice follows the branch as it grows", () => {
  const group = splitGroup();
  choose(group, mainHead);
  group.advance(slotMs);
  grow(group, "c", startSlot + 1, startSlot + 1);
  for (const name of ["a", "b"]) group.head(name, blockAt(startSlot + 1));
  expect(group.state.view).toMatchObject({
    kind: "serving",
    ready: ["a", "b"],
    head: { root: blockAt(startSlot + 1).root },
  });
});

test("it lasts until the split has ended, and that is told", () => {
  const group = splitGroup();
  choose(group, mainHead);
  group.advance(slotMs);
  for (const name of ["a", "b", "c"]) group.head(name, blockAt(startSlot + 1));
  group.finality("c", [justified, "j"], [justified - 1, "f"]);
  expect(group.state.choice).toBeUndefined();
  expect(group.state.view).toMatchObject({ kind: "serving", reason: undefined, ready: ["a", "b", "c"] });
  expect(group.transitions.at(-1)).toMatchObject({ kind: "view", reason: "view-serving" });
});

test("with no node left of the chosen branch the other one is not served instead", () => {
  const group = splitGroup();
  choose(group, mainHead);
  for (const name of ["a", "b"]) for (let i = 0; i < 4; i++) group.fail(name, { kind: "refused" });
  expect(group.state.view).toMatchObject({ kind: "split", signingInputs: [] });
  group.syncing("a");
  group.tell({ kind: "gate-finished", node: "a" });
  expect(group.state.view).toMatchObject({ kind: "serving", reason: "branch-chosen", ready: ["a"] });
});

test("a side that crashes has not agreed: the split stays open until a person takes its node out", () => {
  const group = splitGroup();
  for (let i = 0; i < 4; i++) group.fail("c", { kind: "refused" });
  expect(group.state.view).toMatchObject({ kind: "split", signingInputs: [] });
  group.operator("c", "cordoned");
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a", "b"] });
});

test("a root that the person saw a slot ago still names its branch; one that both share names none", () => {
  const group = splitGroup();
  group.advance(slotMs);
  grow(group, "c", startSlot + 1, startSlot + 1);
  expect(choose(group, forkHead).nodes).toEqual(["c"]);
  const shared = blockAt(partsAt - 1).root;
  expect(() => chooseBranch(group.state, shared, "anna", group.now)).toThrow(
    expect.objectContaining({ code: "unknown-branch" }),
  );
});

test("without a split there is nothing to choose", () => {
  const group = testGroup([{ name: "a" }]);
  expect(() => chooseBranch(group.state, mainHead, "anna", group.now)).toThrow(
    expect.objectContaining({ code: "no-split" }),
  );
});

test("a choice of before a restart counts when its split is seen again, and is forgotten when none is seen", () => {
  const choice = choose(splitGroup(), forkHead);
  const again = splitGroup();
  again.tell({ kind: "branch-chosen", choice });
  expect(again.state.view).toMatchObject({ kind: "serving", ready: ["c"] });

  const calm = testGroup([{ name: "a" }]);
  calm.tell({ kind: "branch-chosen", choice });
  calm.makeReady("a");
  expect(calm.state.choice).toBeDefined();
  calm.advance(121_000);
  expect(calm.state.choice).toBeUndefined();
});
