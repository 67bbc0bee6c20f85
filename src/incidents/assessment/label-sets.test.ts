import { expect, test } from "vitest";
import type { Labels } from "../../alerts/labels.ts";
import { fleet } from "./assessment-fixture.ts";
import { chanceOf } from "./fisher.ts";
import { labelSets } from "./label-sets.ts";

const clients = ["geth", "besu", "reth"];
const regions = ["eu", "us"];
const groups = clients.flatMap((executionClient) =>
  regions.map((region) => ({
    labels: { executionClient, region, host: `${executionClient}-${region}`, operator: "us" },
    validators: 300,
  })),
);
const setsOf = (
  isHit: (labels: Labels, position: number) => boolean,
  more: { rate?: number; suspects?: string[] } = {},
) => labelSets({ ...fleet(groups, isHit), ordinaryRate: more.rate ?? 0, suspects: new Set(more.suspects) });
const first = (...args: Parameters<typeof setsOf>) => setsOf(...args)[0]?.labels;

test("a label that all share explains nothing, and nor does one when everybody is hit", () => {
  expect(setsOf((_, position) => position % 3 === 0)).toEqual([]);
  expect(setsOf(() => true)).toEqual([]);
});

test("seven in ten of one client are that client's", () => {
  expect(first(({ executionClient }, position) => executionClient === "besu" && position % 10 < 7)).toEqual({
    executionClient: "besu",
  });
});

test("of one label and a pair that name the same, the shorter statement stands", () => {
  // Host besu-eu is the very same validators as besu and eu together.
  expect(setsOf(({ host }) => host === "besu-eu").map(({ labels }) => labels)).toEqual([{ host: "besu-eu" }]);
});

test("a pair is named where it says clearly more than either label", () => {
  const apart = groups.map(({ labels: { host: _, ...labels }, validators }) => ({ labels, validators }));
  const hit = fleet(apart, ({ executionClient, region }) => executionClient === "besu" && region === "eu");
  expect(labelSets({ ...hit, ordinaryRate: 0 })[0]).toMatchObject({
    ...{ labels: { executionClient: "besu", region: "eu" }, density: 1, coverage: 1 },
  });
});

test("three victims that happen to share two labels are no pair", () => {
  const sets = setsOf(
    ({ executionClient, region }, position) => executionClient === "besu" && region === "eu" && position < 3,
  );
  expect(sets.every(({ labels }) => Object.keys(labels).length === 1)).toBe(true);
});

test("usual losses outside do not speak against a set", () => {
  const hit = ({ host }: Labels, position: number) => (host === "besu-eu" ? position < 100 : position % 100 === 0);
  expect(first(hit)).not.toHaveProperty("host");
  expect(first(hit, { rate: 0.01 })).toEqual({ host: "besu-eu" });
});

test("of sets that name the very same validators, what is seen to be broken comes first", () => {
  const twins = [
    { labels: { validatorClient: "vc1", host: "h1" }, validators: 50 },
    { labels: { validatorClient: "vc2", host: "h2" }, validators: 50 },
  ];
  const hit = fleet(twins, ({ host }) => host === "h1");
  const firstOf = (suspects: string[]) =>
    labelSets({ ...hit, ordinaryRate: 0, suspects: new Set(suspects) })[0]?.labels;
  expect(firstOf([])).toEqual({ validatorClient: "vc1" });
  expect(firstOf(["h1"])).toEqual({ host: "h1" });
});

test("Fisher's test: by hand, and its ends", () => {
  // Of 10, 3 victims and a cohort of 4: all three inside in C(4,3) of C(10,3) draws.
  expect(chanceOf({ all: 10, victims: 3, members: 4, hits: 3 })).toBeCloseTo(4 / 120, 9);
  expect(chanceOf({ all: 10, victims: 3, members: 4, hits: 2 })).toBeCloseTo((4 + 6 * 6) / 120, 9);
  expect(chanceOf({ all: 10, victims: 3, members: 4, hits: 0 })).toBe(1);
  expect(chanceOf({ all: 100_000, victims: 1_000, members: 1_000, hits: 1_000 })).toBeLessThan(1e-100);
});
