import { describe, expect, it } from "vitest";
import type { EpochsPage } from "../../../src/api/contract-duties.ts";
import { epochSeries, gapWords, percentFloor } from "./epoch-series.ts";
import { slaWords } from "./sla-words.ts";

type Entry = EpochsPage["epochs"][number];
const entry = (epoch: number, state: Entry["state"], included: number) =>
  ({ epoch, state, watched: { assigned: 100, included }, network: { assigned: 1000, included: 990 } }) as Entry;

describe("epochSeries", () => {
  it("breaks the line where an epoch is missing, and joins what is provisional to the last that is final", () => {
    const series = epochSeries({
      epochs: [entry(10, "final", 99), entry(12, "final", 98), entry(13, "provisional", 97), entry(14, "live", 50)],
    });
    expect(series.epochs).toEqual([10, 11, 12, 13, 14]);
    expect(series.ours).toEqual([99, null, 98, null, null]);
    expect(series.provisional).toEqual([null, null, 98, 97, 50]);
    expect(series.network).toEqual([99, null, 99, 99, 99]);
  });

  it("is empty of nothing", () => {
    expect(epochSeries({ epochs: [] }).epochs).toEqual([]);
  });

  it("leaves room below the lowest value", () => {
    expect([[99.9], [98.4], [95.2], [41], [], [null]].map(percentFloor)).toEqual([99, 97, 94, 30, 99, 99]);
  });

  it("says a gap in words", () => {
    const gap = { fromEpoch: 4, toEpoch: 6, reason: "state-pruned", detail: "HTTP 404.", recordedAt: 0 };
    expect(gapWords(gap, "state no longer held")).toBe(
      "Epochs 4 to 6 could not be judged: state no longer held (HTTP 404).",
    );
  });
});

describe("slaWords", () => {
  const standing = {
    ...{ window: { fromAt: 0, toAt: 1e9 }, target: 0.99, uptime: 0.999, effectiveness: 0.99, assigned: 100, missed: 1 },
    ...{ budget: 10, budgetUsed: 0.1, burnRate: 0.5, burnRateLong: 0.5, breachesAt: undefined, unknownEpochs: 0 },
  };

  it("says when the budget ends, that it did, or that it lasts", () => {
    expect(slaWords(standing, 0)).toMatchObject({ tone: "fine", text: "lasts", left: 0.9 });
    expect(slaWords({ ...standing, breachesAt: 11_400_000 }, 0)).toMatchObject({
      tone: "warn",
      text: "breaches in 3 h 10 min",
    });
    expect(slaWords({ ...standing, budgetUsed: 1.2 }, 0)).toMatchObject({ tone: "bad", text: "breached", left: 0 });
  });

  it("does not call a customer fine of whom nothing was asked", () => {
    expect(slaWords({ ...standing, assigned: 0, uptime: undefined }, 0).tone).toBe("unknown");
  });
});
