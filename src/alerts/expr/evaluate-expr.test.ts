import { expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import type { Labels } from "../labels.ts";
import { evaluateExpr, indexFacts } from "./evaluate-expr.ts";
import { parseExpr } from "./parse-expr.ts";

const now = 1_000_000;

function fact(name: string, labels: Labels, value: number, at = now): Fact {
  return { name, labels, value, at };
}

/** `{labels}: truth value`, in any order of facts. */
function judged(source: string, facts: readonly Fact[]): string[] {
  const read = parseExpr(source);
  if (read.kind !== "read") throw new Error(read.message);
  const input = { facts: indexFacts(facts), now, staleAfterMs: () => 60_000 };
  return evaluateExpr(read.value, input)
    .map(({ labels, truth, value }) => `${Object.values(labels).join("/")}: ${truth} ${value}`)
    .sort();
}

it("makes one element for each fact, and with a star one for each value of the label", () => {
  const facts = [
    fact("a", { customer: "x", by: "count" }, 1),
    fact("a", { customer: "x", by: "stake" }, 9),
    fact("a", { by: "count" }, 3),
  ];
  expect(judged("a > 2", facts)).toEqual(["count: true 3", "x/count: false 1", "x/stake: true 9"]);
  expect(judged('a{customer="*"} > 2', facts)).toEqual(["x: true 9"]);
  expect(judged('a{customer="*"} < 20', facts)).toEqual(["x: true 1"]);
  expect(judged('a{customer="", by=~"c.*"} > 2', facts)).toEqual(["count: true 3"]);
});

it("does not know what is old, not a number, or under a star only partly there", () => {
  expect(judged("a > 2", [fact("a", { n: "1" }, 3, now - 60_001), fact("a", { n: "2" }, NaN)])).toEqual([
    "1: unknown 3",
    "2: unknown NaN",
  ]);
  expect(judged('a{n="*"} > 2', [fact("a", { n: "1", m: "1" }, 1), fact("a", { n: "1", m: "2" }, NaN)])).toEqual([
    "1: unknown NaN",
  ]);
});

it("joins sides that agree on the labels both carry", () => {
  const facts = [
    fact("a", { n: "1" }, 5),
    fact("a", { n: "2" }, 5),
    fact("b", { n: "1", m: "z" }, 5),
    fact("c", {}, 5),
  ];
  expect(judged("a > 2 and b > 2", facts)).toEqual(["1: true 5", "2: unknown 5"]);
  expect(judged("a > 2 and c > 2", facts)).toEqual(["1: true 5", "2: true 5"]);
  expect(judged("a > 2 and c > 9", facts)).toEqual(["1: false 5", "2: false 5"]);
  expect(judged("a > 2 unless b > 2", facts)).toEqual(["1: false 5", "2: true 5"]);
  expect(judged("a > 9 or c > 2", facts)).toEqual(["1: false 5", "2: false 5", ": true 5"]);
});

it("takes an alarm away by what is known only", () => {
  expect(judged("a > 2 unless c > 2", [fact("a", {}, 5), fact("c", {}, 5, 0)])).toEqual([": true 5"]);
  expect(judged("a > 9 and c > 2", [fact("a", {}, 5), fact("c", {}, 5, 0)])).toEqual([": false 5"]);
  expect(judged("a > 2 and c > 2", [fact("a", {}, 5), fact("c", {}, 5, 0)])).toEqual([": unknown 5"]);
});

it("computes before it compares", () => {
  expect(judged("a * 24 > 100", [fact("a", {}, 5)])).toEqual([": true 120"]);
  expect(judged("a - 1 == 4", [fact("a", {}, 5)])).toEqual([": true 4"]);
});

it("does not take for a label what every object has by birth", () => {
  expect(judged('a{constructor="*"} > 2', [fact("a", {}, 5)])).toEqual([]);
  expect(judged('a{toString=""} > 2', [fact("a", {}, 5)])).toEqual([": true 5"]);
});
