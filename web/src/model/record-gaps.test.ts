import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../../src/api/contract.ts";
import { unwatchedGaps } from "./record-gaps.ts";

const sample = (at: number, gateway = "g") => ({ at, gateway }) as HistoryPoint;
const spans = (points: readonly HistoryPoint[]) => unwatchedGaps(points, "g", 0).map((gap) => [gap.fromAt, gap.toAt]);

describe("unwatchedGaps", () => {
  it("finds the time before the first start and the time in which the gateway was stopped", () => {
    expect(spans([sample(600_000), sample(605_000), sample(900_000)])).toEqual([
      [0, 600_000],
      [605_000, 900_000],
    ]);
  });
  it("takes the usual step between samples for watched", () => {
    expect(spans([sample(5_000), sample(10_000), sample(40_000)])).toEqual([]);
  });
  it("is not fooled by another gateway's samples", () => {
    expect(spans([sample(10_000, "other"), sample(60_000)])).toEqual([[0, 60_000]]);
  });
  it("claims nothing while no sample has been read", () => {
    expect(unwatchedGaps(undefined, "g", 0)).toEqual([]);
  });
});
