import { expect, test } from "vitest";
import type { CohortDay } from "../duties/ports.ts";
import { emptyTotals } from "../duties/totals.ts";
import { slaEpochs } from "./sla-epochs.ts";

const totals = (assigned: number) => ({
  ...{ ...emptyTotals(), assigned, included: assigned - 1, earned: 10, ideal: 12, syncEarned: -3, syncIdeal: 4 },
});
const acme = { key: "customer", value: "acme" };
const sums = (assigned: number) => ({ assigned, included: assigned - 1, earned: 7, ideal: 16 });

/** Days of four epochs, two epochs before genesis: day 1 begins at epoch 2, day 2 at epoch 6 … */
const asked = { ...acme, epochsPerDay: 4, epochsBeforeGenesis: 2 };
const storeOf = (days: readonly number[], epochs: readonly number[]) => ({
  cohortDays: (from: number, to: number) =>
    Promise.resolve(
      days
        .filter((day) => day >= from && day <= to)
        .map((day): CohortDay => ({ ...acme, day, epochs: day === 0 ? 2 : 4, totals: totals(day * 100 + 100) })),
    ),
  cohorts: (from: number, to: number) =>
    Promise.resolve(
      epochs
        .filter((epoch) => epoch >= from && epoch <= to)
        .map((epoch) => ({ ...acme, epoch, totals: totals(epoch + 10) })),
    ),
});

test("days come before the epochs that are still kept, and each covers its own", async () => {
  expect(await slaEpochs(storeOf([0, 1, 2], [10, 11]), { ...asked, fromEpoch: 0, toEpoch: 20 })).toEqual([
    { epoch: 0, epochs: 2, ...sums(100) },
    { epoch: 2, epochs: 4, ...sums(200) },
    { epoch: 6, epochs: 4, ...sums(300) },
    { epoch: 10, ...sums(20) },
    { epoch: 11, ...sums(21) },
  ]);
});

test("of a day that was summed up while it was read, nothing counts twice", async () => {
  const found = await slaEpochs(storeOf([1, 2], [6, 7, 8, 9, 10]), { ...asked, fromEpoch: 0, toEpoch: 20 });
  expect(found.map(({ epoch, epochs }) => [epoch, epochs ?? 1])).toEqual([
    [2, 4],
    [6, 1],
    [7, 1],
    [8, 1],
    [9, 1],
    [10, 1],
  ]);
});

test("a day that reaches out of the span is left out: how much of it lies inside is not known", async () => {
  const found = await slaEpochs(storeOf([0, 1, 2, 3], []), { ...asked, fromEpoch: 3, toEpoch: 12 });
  expect(found.map(({ epoch }) => epoch)).toEqual([6]);
});
