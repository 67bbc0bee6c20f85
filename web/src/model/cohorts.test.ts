import { describe, expect, it } from "vitest";
import type { DutyTotals } from "../../../src/duties/types.ts";
import { compareFigure, figureText } from "./cohort-columns.ts";
import { cohortKeys, cohortRows, figuresOf, sortCohorts } from "./cohorts.ts";

function totals(part: Partial<DutyTotals> = {}): DutyTotals {
  return {
    ...{ validators: 10, stake: 320, assigned: 1000, included: 990, timelySource: 990, timelyTarget: 985 },
    ...{ timelyHead: 950, delaySum: 1100, effectiveDelaySum: 1000, stakeAssigned: 32_000, stakeIncluded: 31_000 },
    ...{ stakeTarget: 31_000, stakeHead: 30_000, earned: 95, ideal: 100, proposals: 0, proposed: 0, syncDuties: 0 },
    ...{ syncHits: 0, syncEarned: 0, syncIdeal: 0, slashed: 0 },
    ...part,
  };
}

const cohort = (key: string, value: string, part: Partial<DutyTotals> = {}, previous?: DutyTotals) => ({
  ...{ key, value, totals: totals(part), previous },
});
const table = {
  ...{ fromEpoch: 1, toEpoch: 2, epochs: 2, network: totals({ validators: 1000 }), cut: 0 },
  cohorts: [
    cohort("", ""),
    cohort("host", "b10", { included: 900 }),
    cohort("host", "b9", { assigned: 0, included: 0 }),
    cohort("host", "b2"),
    cohort("customer", "acme"),
  ],
};

describe("figuresOf", () => {
  it("counts by validators or by effective balance", () => {
    expect(figuresOf(totals(), "validators")).toMatchObject({ uptime: 0.99, missed: 10, wrongHead: 40, lost: 5 });
    expect(figuresOf(totals(), "stake")).toMatchObject({ uptime: 31 / 32, missed: 1000, wrongHead: 1000 });
  });

  it("does not know what nobody told, instead of calling it zero", () => {
    const figures = figuresOf(totals({ ideal: 0, earned: 0, stakeAssigned: 0, stakeIncluded: 0 }), "stake");
    expect(figures).toMatchObject({ uptime: undefined, effectiveness: undefined, missed: undefined, lost: undefined });
    expect(figures.sync).toBeUndefined();
    expect(figureText("uptime", totals(), figures, "stake", "ETH")).toBe("unknown");
    expect(figureText("sync", totals(), figures, "stake", "ETH")).toBe("none due");
  });
});

describe("the cohort table", () => {
  it("offers the labels that tell the most first", () => {
    expect(cohortKeys(table)).toEqual(["customer", "host"]);
  });

  it("sorts names as people count, and the worst share on top with unknown last in either direction", () => {
    const rows = cohortRows(table, "host", "validators");
    const names = (sort: "value" | "uptime", isReversed: boolean) =>
      sortCohorts(rows, sort, isReversed).map(({ value }) => value);
    expect(names("value", false)).toEqual(["b2", "b9", "b10"]);
    expect(names("uptime", false)).toEqual(["b10", "b2", "b9"]);
    expect(names("uptime", true)).toEqual(["b2", "b10", "b9"]);
  });

  it("holds sums against the network as shares, so that a small set is not small by that alone", () => {
    const side = (part: Partial<DutyTotals>) => {
      const own = totals(part);
      return { totals: own, figures: figuresOf(own, "validators") };
    };
    const network = side({ assigned: 100_000, included: 99_000, timelyHead: 95_000 });
    expect(compareFigure("missed", side({}), network, "validators")).toEqual({ text: "±0", isWorse: false });
    expect(compareFigure("missed", side({ included: 900 }), network, "validators")).toEqual({
      text: "+9.00",
      isWorse: true,
    });
    expect(compareFigure("uptime", side({ included: 900 }), network, "validators")).toEqual({
      text: "−9.00",
      isWorse: true,
    });
    expect(compareFigure("uptime", side({}), undefined, "validators").text).toBeUndefined();
  });
});
