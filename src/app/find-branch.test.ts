import { expect, test } from "vitest";
import { findBranch } from "./tell-group.ts";

const branch = (root: string, ...nodes: string[]) => ({
  ...{ root, slot: 100, nodes, support: nodes.length, justifiedEpoch: 9, finalizedEpoch: undefined },
});
const one = branch(`0x8d3f00aa${"0".repeat(56)}`, "bn1", "bn2");
const two = branch(`0x8d3f00ab${"0".repeat(56)}`, "bn3");

test.each([
  ["its root", one.root],
  ["its root in capitals", one.root.toUpperCase().replace("0X", "0x")],
  ["the beginning of its root", "0x8d3f00aa"],
  ["a node on it", "bn2"],
])("a branch is named by %s", (_name, choice) => {
  expect(findBranch([one, two], choice)).toEqual({ branch: one });
});

test.each([
  ["a beginning that both have", "0x8d3f00a", /no branch is named 0x8d3f00a\./],
  [
    "a node that is nowhere",
    "bn9",
    /no branch is named bn9\. The branches: 0x8d3f00aa.* at slot 100, justified 9, finalized \?, support 2 \(bn1, bn2\);/,
  ],
  ["a node on both", "bn1", /more than one branch matches bn1/],
])("%s names none, and the branches are listed", (_name, choice, refused) => {
  const branches = [one, choice === "bn1" ? { ...two, nodes: ["bn1"] } : two];
  expect(findBranch(branches, choice)).toEqual({ refused: expect.stringMatching(refused) as string });
});

test("without a split there is nothing to choose", () => {
  expect(findBranch([], "bn1")).toEqual({ refused: expect.stringContaining("do not disagree") as string });
});
