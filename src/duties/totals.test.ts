import { expect, test } from "vitest";
import { addTotals, effectivenessOf, emptyTotals, inclusionEffectivenessOf, uptimeOf } from "./totals.ts";

const epochA = {
  ...emptyTotals(),
  validators: 10,
  stake: 320,
  assigned: 10,
  included: 9,
  earned: 90,
  ideal: 100,
  slashed: 1,
};
const epochB = { ...emptyTotals(), validators: 12, stake: 400, assigned: 1000, included: 1000, earned: 5, ideal: 5 };

test("sets add up in everything; of epochs the later one says who they are", () => {
  expect(addTotals(epochA, epochB, "sets")).toMatchObject({ validators: 22, stake: 720, assigned: 1010, slashed: 1 });
  expect(addTotals(epochA, epochB, "epochs")).toMatchObject({ validators: 12, stake: 400, assigned: 1010, slashed: 0 });
});

test("shares are taken of sums, never averaged", () => {
  const both = addTotals(epochA, epochB, "epochs");
  expect(uptimeOf(both)).toBe(1009 / 1010);
  expect(effectivenessOf(both)).toBe(95 / 105);
  expect(effectivenessOf({ ...both, syncEarned: -5, syncIdeal: 5 })).toBe(90 / 110);
});

test("nothing asked is unknown, not perfect", () => {
  const nothing = emptyTotals();
  for (const share of [uptimeOf, effectivenessOf, inclusionEffectivenessOf]) expect(share(nothing)).toBeUndefined();
  expect(inclusionEffectivenessOf({ ...nothing, assigned: 4 })).toBe(0);
  expect(inclusionEffectivenessOf({ ...nothing, assigned: 4, included: 3, effectiveDelaySum: 6 })).toBe(0.375);
});
