import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../../src/api/contract.ts";
import { extremes, historySeries, mergeHistory, windowFrom } from "./history.ts";

function point(at: number, part: Partial<HistoryPoint> = {}): HistoryPoint {
  const base = { gateway: "g1", group: "main", readyNodes: 3, totalNodes: 3, requestsPerSecond: 10 };
  return { ...base, at, failedRequests: 0, headLagSlots: 0, finalityDistanceEpochs: 2, ...part };
}

const all = () => true;

describe("historySeries", () => {
  it("sums the groups of one moment and takes the worst finality", () => {
    const points = [
      point(10_000),
      point(12_000, { group: "b", readyNodes: 1, totalNodes: 2, finalityDistanceEpochs: 5 }),
    ];
    const series = historySeries(points, all);
    expect(series).toMatchObject({ at: [10_000], ready: [4], total: [5], perSecond: [20], finality: [5] });
  });

  it("breaks the line where samples are missing", () => {
    const series = historySeries([point(0), point(10_000), point(120_000)], all);
    expect(series.ready).toEqual([3, 3, null, 3]);
  });

  it("turns the failure counter into failures, also across a restart of the gateway", () => {
    const counts = [7, 7, 9, 2].map((failedRequests, index) => point(index * 10_000, { failedRequests }));
    expect(historySeries(counts, all).failed).toEqual([0, 0, 2, 2]);
  });

  it("counts every failure of a bucket, not only the last sample's", () => {
    const counts = [0, 1, 5].map((failedRequests, index) => point(index * 3_000, { failedRequests }));
    expect(historySeries(counts, all).failed).toEqual([5]);
  });

  it("shows unknown finality as a hole", () => {
    expect(historySeries([point(0, { finalityDistanceEpochs: undefined })], all).finality).toEqual([null]);
  });
});

describe("mergeHistory", () => {
  it("keeps one point per gateway, group and moment, and drops what left the window", () => {
    const merged = mergeHistory([point(0), point(10_000)], [point(10_000, { readyNodes: 1 }), point(20_000)], 5_000);
    expect(merged.map(({ at, readyNodes }) => [at, readyNodes])).toEqual([
      [10_000, 1],
      [20_000, 3],
    ]);
  });
});

describe("extremes", () => {
  it("ignores holes and finds the moments", () => {
    expect(extremes([1, 2, 3, 4], [5, null, 2, 7])).toEqual({ last: 7, min: 2, minAt: 3, max: 7, maxAt: 4 });
    expect(extremes([1], [null])).toBeUndefined();
  });
});

describe("windowFrom", () => {
  const hour = 3_600_000;
  it("grows by ten minutes up to the hour", () => {
    const lengths = [undefined, 60_000, 610_000, 2_400_000, 3_500_000, 9_000_000].map(
      (recordedMs) => hour * 10 - windowFrom(recordedMs && hour * 10 - recordedMs, hour * 10, hour),
    );
    expect(lengths.map((ms) => ms / 60_000)).toEqual([10, 10, 20, 40, 60, 60]);
  });
});
