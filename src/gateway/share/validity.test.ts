import { expect, test } from "vitest";
import type { ChainSpec } from "../../chain/types.ts";
import type { View } from "../../upstream/types.ts";
import { createDependentRoots } from "./dependent-roots.ts";
import { isValid, validityOf, type ChainFacts, type StoreInput } from "./validity.ts";

const root = (byte: string) => `0x${byte.repeat(32)}`;
const spec = { slotsPerEpoch: 32, epochsPerSyncCommitteePeriod: 256 } as ChainSpec;

/** Epoch 100 is the head's; the blocks before epochs 99 and 100 are `aa` and `bb`. */
function chain(change: { view?: Partial<View>; roots?: Record<number, string>; spec?: ChainSpec } = {}): ChainFacts {
  const view = { generation: 1, kind: "serving", justified: { epoch: 99, root: root("11") }, ...change.view } as View;
  const roots: Record<number, string> = change.roots ?? { 99: root("aa"), 100: root("bb") };
  return { view: () => view, spec: () => change.spec ?? spec, rootBefore: (epoch) => roots[epoch] };
}
const answer = {
  isWhole: true,
  isOptimistic: false,
  isFinalized: false,
  dependentRoot: undefined,
  sourceEpoch: undefined,
};
const input = (change: Partial<StoreInput>): StoreInput => ({
  scope: "head",
  param: "100",
  answer,
  generationBefore: 1,
  specBefore: spec,
  isHolder: true,
  now: chain(),
  ...change,
});

test("hot path: view generation read before and after: where it moved meanwhile, nothing that hangs on it is kept", () => {
  expect(validityOf(input({}))).toEqual({ kind: "head", generation: 1 });
  expect(validityOf(input({ generationBefore: 0 }))).toBeUndefined();
  expect(validityOf(input({ generationBefore: 0, scope: "duties" }))).toBeUndefined();
  expect(isValid({ kind: "head", generation: 1 }, chain({ view: { generation: 2 } }))).toBe(false);
});

test("never kept: optimistic answers, bodies that are not whole, answers of a node that has not got the view's head", () => {
  expect(validityOf(input({ answer: { ...answer, isOptimistic: true } }))).toBeUndefined();
  expect(validityOf(input({ answer: { ...answer, isWhole: false }, scope: "network" }))).toBeUndefined();
  expect(validityOf(input({ isHolder: false }))).toBeUndefined();
  expect(validityOf(input({ scope: "flight" }))).toBeUndefined();
});

test("duties hold over heads, until the block they hang on is another", () => {
  const kept = validityOf(input({ scope: "duties", answer: { ...answer, dependentRoot: root("aa") } }));
  expect(kept).toEqual({ kind: "duties", boundaries: [{ epoch: 99, root: root("aa") }] });
  if (!kept) return;
  expect(isValid(kept, chain({ view: { generation: 9 } }))).toBe(true);
  expect(isValid(kept, chain({ roots: { 99: root("cc"), 100: root("bb") } }))).toBe(false);
  expect(isValid(kept, chain({ roots: {} }))).toBe(false);
  expect(isValid(kept, chain({ view: { kind: "split" } }))).toBe(false);
});

test("duties whose block no head event vouches for hold as long as the head", () => {
  const unknown = { scope: "duties", answer: { ...answer, dependentRoot: root("dd") } } as const;
  expect(validityOf(input(unknown))).toEqual({ kind: "head", generation: 1 });
  expect(validityOf(input({ ...unknown, isHolder: false }))).toBeUndefined();
});

test("where both boundaries have the same block, duties end when either changes", () => {
  const same = chain({ roots: { 99: root("aa"), 100: root("aa") } });
  const kept = validityOf(input({ scope: "duties", answer: { ...answer, dependentRoot: root("aa") }, now: same }));
  if (!kept) throw new Error("not kept");
  expect(isValid(kept, chain({ roots: { 99: root("aa"), 100: root("bb") } }))).toBe(false);
});

test("sync duties are kept for the period once its draw is justified, by the head before", () => {
  expect(validityOf(input({ scope: "period", param: "100" }))).toEqual({ kind: "period", justifiedEpoch: 99 });
  // Period 1 is drawn at epoch 0, period 2 at epoch 256, which is not there yet.
  expect(validityOf(input({ scope: "period", param: "300" }))).toEqual({ kind: "period", justifiedEpoch: 99 });
  expect(validityOf(input({ scope: "period", param: "600" }))).toEqual({ kind: "head", generation: 1 });
  expect(isValid({ kind: "period", justifiedEpoch: 99 }, chain({ view: { justified: { epoch: 98, root: "" } } }))).toBe(
    false,
  );
});

test("constants of the network hold over heads, and end with the network", () => {
  const kept = validityOf(input({ scope: "network", generationBefore: 0, isHolder: false }));
  expect(kept).toEqual({ kind: "network", spec });
  expect(kept && isValid(kept, chain({ spec: { ...spec } }))).toBe(false);
  expect(validityOf(input({ scope: "network", specBefore: undefined }))).toBeUndefined();
});

test("dependent roots come from the head events of the view's head alone, old and new form", () => {
  const roots = createDependentRoots(2);
  const event = (block: string, previous: string, current: string) => ({
    ...{ slot: "3200", block, previous_duty_dependent_root: previous, current_duty_dependent_root: current },
  });
  roots.onHeadEvent(JSON.stringify(event(root("01"), root("aa"), root("bb"))), 32);
  roots.onHeadEvent(JSON.stringify({ version: "gloas", data: event(root("02"), root("cc"), root("dd")) }), 32);
  roots.onHeadEvent("not json", 32);
  expect([99, 100, 101].map((epoch) => roots.rootBefore(epoch, root("01")))).toEqual([
    root("aa"),
    root("bb"),
    undefined,
  ]);
  expect(roots.rootBefore(100, root("02"))).toBe(root("dd"));
  expect(roots.rootBefore(100, undefined)).toBeUndefined();
  roots.onHeadEvent(JSON.stringify(event(root("03"), root("aa"), root("bb"))), 32);
  expect(roots.rootBefore(100, root("01"))).toBeUndefined();
});
