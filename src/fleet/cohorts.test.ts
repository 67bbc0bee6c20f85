import fc from "fast-check";
import { expect, test } from "vitest";
import { cohortsOf, watchedIndices } from "./cohorts.ts";
import type { FleetValidator } from "./validator.ts";

const validator = (index: number | undefined, labels: Record<string, string>): FleetValidator => ({
  pubkey: undefined,
  index,
  labels,
  sources: ["a"],
});

test("each label is a cohort of positions in the watched indices; who has no index is in none", () => {
  const validators = [
    validator(9, { rack: "a", customer: "acme" }),
    validator(undefined, { customer: "acme" }),
    validator(4, { customer: "acme" }),
    validator(7, { customer: "other" }),
  ];
  const indices = watchedIndices(validators);
  expect([...indices]).toEqual([4, 7, 9]);
  expect(cohortsOf(validators, indices).cohorts.map(({ key, value, members }) => [key, value, [...members]])).toEqual([
    ["customer", "acme", [0, 2]],
    ["customer", "other", [1]],
    ["rack", "a", [2]],
  ]);
});

test("values beyond the bound are cut, the smallest first, and counted", () => {
  const validators = Array.from({ length: 1_000 }, (_, i) =>
    validator(i, { name: `v${i}`, rack: `r${i % 600}`, customer: "acme" }),
  );
  const { cohorts, cut } = cohortsOf(validators, watchedIndices(validators));
  expect(cohorts).toHaveLength(1_001);
  expect(cut).toEqual([
    { key: "name", values: 500 },
    { key: "rack", values: 100 },
  ]);
  expect(cohorts.filter(({ key, members }) => key === "rack" && members.length === 2)).toHaveLength(400);
});

test("all keys together have a bound too; labels with a meaning come first", () => {
  const labels = (i: number) => Object.fromEntries(["a", "b", "c", "d", "e", "region"].map((key) => [key, `${i}`]));
  const validators = Array.from({ length: 500 }, (_, i) => validator(i, labels(i)));
  const { cohorts, cut } = cohortsOf(validators, watchedIndices(validators));
  expect(cohorts).toHaveLength(2_000);
  expect(cohorts[0]?.key).toBe("region");
  expect(cut).toEqual([
    { key: "d", values: 500 },
    { key: "e", values: 500 },
  ]);
});

test("members are exactly those who carry the label", () => {
  const labels = fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("x", "y", "z"), { noNullPrototype: true });
  const some = fc.uniqueArray(fc.tuple(fc.nat({ max: 50 }), labels), { selector: ([index]) => index });
  fc.assert(
    fc.property(some, (entries) => {
      const validators = entries.map(([index, own]) => validator(index, own));
      const indices = watchedIndices(validators);
      const { cohorts } = cohortsOf(validators, indices);
      for (const { key, value, members } of cohorts)
        expect([...members].map((at) => indices[at])).toEqual(
          entries
            .filter(([, own]) => own[key] === value)
            .map(([index]) => index)
            .sort((x, y) => x - y),
        );
      expect(cohorts.reduce((sum, { members }) => sum + members.length, 0)).toBe(
        entries.reduce((sum, [, own]) => sum + Object.keys(own).length, 0),
      );
    }),
  );
});
