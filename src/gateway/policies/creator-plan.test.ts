import { expect, test } from "vitest";
import { planPublish } from "./creator-plan.ts";

const nodes = ["a", "b", "c"];
const budget = 12_000;

test("a full block goes to its creator at once and to the others after 200 ms", () => {
  expect(planPublish("full", "b", nodes, budget)).toEqual({
    first: ["b"],
    withheld: ["a", "c"],
    leadMs: 200,
    isOneByOne: false,
  });
});

test("a full block without a known creator goes to all at once: the client came from another gateway", () => {
  for (const creator of [undefined, "gone"])
    expect(planPublish("full", creator, nodes, budget)).toMatchObject({ first: nodes, withheld: [] });
});

test("a blinded block goes to its creator, to the others one after the other on its failure", () => {
  expect(planPublish("blinded", "b", nodes, budget)).toMatchObject({
    first: ["b"],
    withheld: ["a", "c"],
    isOneByOne: true,
  });
  expect(planPublish("blinded", undefined, nodes, budget)).toMatchObject({ first: ["a"], withheld: ["b", "c"] });
});

test("a creator that hangs on a blinded block is given up within two seconds, or half a shorter budget", () => {
  expect(planPublish("blinded", "b", nodes, budget).leadMs).toBe(2_000);
  expect(planPublish("blinded", "b", nodes, 2_000).leadMs).toBe(1_000);
});

test("what only the creator holds goes to it alone, and if it is unknown to each in turn", () => {
  expect(planPublish("stateful", "b", nodes, budget)).toMatchObject({ first: ["b"], withheld: [] });
  expect(planPublish("stateful", undefined, nodes, budget)).toMatchObject({ first: ["a"], withheld: ["b", "c"] });
});
