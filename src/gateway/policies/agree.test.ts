import { expect, test } from "vitest";
import { decideAgree, type AgreeState } from "./agree.ts";
import { countFamilies, neededAgreement } from "./needed-agreement.ts";

const families = ["lighthouse/geth", "teku/besu", "nimbus/reth", "lighthouse/geth"];
const head = { slot: 320, root: "head" };
const older = { slot: 319, root: "older" };

interface Said {
  head?: string;
  source?: string;
  target?: string;
}

/** Nodes a, b, c … of those families; `said` is what each answered, `undefined` for those that are silent. */
function stateOf(
  said: readonly (Said | undefined)[],
  more: Partial<AgreeState> & { heads?: (typeof head)[] } = {},
): AgreeState {
  const { heads, ...rest } = more;
  const names = said.map((_, index) => "abcd"[index] ?? "");
  return {
    answers: said.flatMap((one, index) =>
      one === undefined
        ? []
        : [
            {
              node: names[index] ?? "",
              data: {
                slot: 320,
                index: 0,
                headRoot: one.head ?? "head",
                source: { epoch: 9, root: one.source ?? "s" },
                target: { epoch: 10, root: one.target ?? "t" },
              },
            },
          ],
    ),
    pending: names.filter((_, index) => said[index] === undefined),
    nodes: new Map(names.map((name, index) => [name, { family: families[index] ?? "", head: heads?.[index] ?? head }])),
    viewHead: head,
    needed: neededAgreement("auto", families.slice(0, said.length)),
    isLate: false,
    isExpired: false,
    ...rest,
  };
}

test("two families that agree are enough: the third is not waited for", () => {
  expect(decideAgree(stateOf([{}, {}, undefined]))).toEqual({ kind: "serve", node: "a", by: "quorum" });
});

test("one family is no agreement however many of its nodes agree", () => {
  const needed = neededAgreement("auto", families);
  expect(needed).toEqual({ nodes: 3, families: 2 });
  const twoOfOne = stateOf([{}, undefined, undefined, {}], { needed: { nodes: 2, families: 2 } });
  expect(decideAgree(twoOfOne)).toEqual({ kind: "wait" });
});

test("a node that hangs costs no duty: at the soft deadline the view's node is served", () => {
  expect(decideAgree(stateOf([{}, undefined]))).toEqual({ kind: "wait" });
  expect(decideAgree(stateOf([{}, undefined], { isLate: true }))).toEqual({ kind: "serve", node: "a", by: "view" });
});

test("a node that was found hung is not waited for at all", () => {
  expect(decideAgree(stateOf([{}, undefined], { pending: [] }))).toEqual({ kind: "serve", node: "a", by: "view" });
});

test("a stale node, with the target of before the epoch's first block, does not veto", () => {
  const state = stateOf([{}, { head: "older", target: "old" }], { heads: [head, older] });
  expect(decideAgree(state)).toEqual({ kind: "serve", node: "a", by: "view" });
});

test("two stale nodes do not outvote the one on the view's head", () => {
  const stale = { head: "older", target: "old" };
  const state = stateOf([undefined, stale, stale], { heads: [head, older, older] });
  expect(decideAgree(state)).toEqual({ kind: "wait" });
  expect(decideAgree({ ...state, isLate: true })).toMatchObject({ kind: "serve", by: "view" });
  const all = stateOf([{}, stale, stale], { heads: [head, older, older] });
  expect(decideAgree(all)).toEqual({ kind: "serve", node: "a", by: "view" });
});

test("a node on another fork, of the same height, does not veto", () => {
  const other = { slot: 320, root: "other" };
  const state = stateOf([{}, { head: "other", source: "x", target: "y" }], { heads: [head, other] });
  expect(decideAgree(state)).toEqual({ kind: "serve", node: "a", by: "view" });
});

test("two families on the view's head that contradict each other are a conflict, with both named", () => {
  const decision = decideAgree(stateOf([{}, { target: "other" }]));
  expect(decision).toMatchObject({ kind: "conflict" });
  expect(decision).toHaveProperty("detail", expect.stringMatching(/a: .*target 10 t; b: .*target 10 other/));
});

test("of two that contradict each other the silent third may decide, until the deadline", () => {
  const state = stateOf([{}, { target: "other" }, undefined], { isLate: true });
  expect(decideAgree(state)).toEqual({ kind: "wait" });
  expect(decideAgree({ ...state, isExpired: true })).toMatchObject({ kind: "conflict" });
});

test("a majority of two families outvotes the third", () => {
  expect(decideAgree(stateOf([{ source: "x" }, {}, {}]))).toEqual({ kind: "serve", node: "b", by: "quorum" });
});

test("two nodes of one family against another family are a conflict, not a majority", () => {
  const state = stateOf([{}, { source: "x" }, undefined, {}], { pending: [], needed: { nodes: 2, families: 2 } });
  expect(decideAgree(state)).toMatchObject({ kind: "conflict" });
});

test("the head is the freshest of those that agree, and the view's head wins", () => {
  const heads = [older, head, { slot: 318, root: "oldest" }];
  expect(decideAgree(stateOf([{ head: "older" }, {}, undefined], { heads }))).toMatchObject({ node: "b" });
  const nobodyHasIt = stateOf([{ head: "oldest" }, { head: "older" }], {
    heads: [{ slot: 318, root: "oldest" }, older],
    isLate: true,
  });
  expect(decideAgree(nobodyHasIt)).toEqual({ kind: "serve", node: "b", by: "view" });
});

test("with no answer at all there is nothing to serve, and until then something to wait for", () => {
  expect(decideAgree(stateOf([undefined, undefined], { isLate: true }))).toEqual({ kind: "wait" });
  expect(decideAgree(stateOf([undefined, undefined], { pending: [] }))).toEqual({ kind: "nobody" });
  expect(decideAgree(stateOf([undefined, undefined], { isExpired: true }))).toEqual({ kind: "nobody" });
});

test("what is needed: a majority of two families, fewer where fewer are there, one where the guard is off", () => {
  const auto = (count: number) => neededAgreement("auto", families.slice(0, count));
  expect([auto(1), auto(2), auto(3)]).toEqual([
    { nodes: 1, families: 1 },
    { nodes: 2, families: 2 },
    { nodes: 2, families: 2 },
  ]);
  expect(neededAgreement("off", families)).toEqual({ nodes: 1, families: 1 });
  expect(neededAgreement({ nodes: 3 }, families.slice(0, 2))).toEqual({ nodes: 2, families: 2 });
  expect(neededAgreement({ nodes: 2 }, ["lodestar/geth", "lodestar/geth"])).toEqual({ nodes: 2, families: 1 });
});

test("families differ in both clients; one unknown execution client does not switch the guard off", () => {
  expect(countFamilies(["lighthouse/geth", "teku/geth"])).toBe(1);
  expect(countFamilies(["lighthouse/geth", "lighthouse/besu"])).toBe(1);
  expect(countFamilies(["lighthouse/unknown", "teku/unknown"])).toBe(2);
  expect(countFamilies(["unknown/geth", "unknown/besu"])).toBe(1);
});
