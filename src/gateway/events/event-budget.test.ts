import { expect, test } from "vitest";
import { createEventBudget } from "./event-budget.ts";

const spend = (budget: ReturnType<typeof createEventBudget>, times: number, node: string, now: number) =>
  Array.from({ length: times }, () => budget.spend(node, "shared", 100, now)).filter(Boolean).length;

test("a flood is cut at the burst, comes back by the second, and costs no other node anything", () => {
  const budget = createEventBudget();
  expect(spend(budget, 10_000, "a", 0)).toBe(2_000);
  expect(spend(budget, 10_000, "a", 1_000)).toBe(100);
  expect(spend(budget, 10, "b", 1_000)).toBe(10);
});

test("few events of many megabytes are a flood too", () => {
  const budget = createEventBudget();
  const huge = Array.from({ length: 100 }, () => budget.spend("a", "shared", 1024 * 1024, 0)).filter(Boolean);
  expect(huge).toHaveLength(16);
});

test("a flood of one kind leaves heads their own part", () => {
  const budget = createEventBudget();
  spend(budget, 10_000, "a", 0);
  expect(budget.spend("a", "head", 300, 0)).toBe(true);
});

test("a slot of mainnet's attestations passes within a second", () => {
  const budget = createEventBudget();
  const passed = Array.from({ length: 31_250 }, () => budget.spend("a", "single-node", 600, 0)).filter(Boolean);
  expect(passed).toHaveLength(31_250);
});
