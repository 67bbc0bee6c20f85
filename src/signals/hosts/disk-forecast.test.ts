import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDiskPoint,
  assumedExtraBytesPerDay,
  diskPeriodMs,
  forecastDisk,
  mostDiskPoints,
  type DiskPoint,
} from "./disk-forecast.ts";

const day = 86_400_000;
/** A disk that fills by so many bytes a day, looked at every ten minutes. */
function filling(perDay: number, points: number, change: Partial<DiskPoint> = {}): DiskPoint[] {
  return Array.from({ length: points }, (_, step) => ({
    at: step * diskPeriodMs,
    availableBytes: 1e12 - (perDay * step * diskPeriodMs) / day,
    sizeBytes: 2e12,
    isFinalityLate: false,
    ...change,
  }));
}

describe("how long a disk lasts", () => {
  test("at a steady rate, until that rate has used it up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 7, max: 144 }), (gigabytes, count) => {
        const { normal } = forecastDisk(filling(gigabytes * 1e9, count), 100e9);
        expect(normal?.bytesPerDay).toBeCloseTo(gigabytes * 1e9, -3);
        expect(normal?.daysToFull).toBeCloseTo(100 / gigabytes, 5);
      }),
    );
  });

  test("nothing is said from less than an hour, nor of a disk that empties", () => {
    expect(forecastDisk(filling(1e9, 6), 1e9).normal).toBeUndefined();
    expect(forecastDisk([], 1e9)).toEqual({ normal: undefined, withoutFinality: undefined, historyMs: 0 });
    expect(forecastDisk(filling(-1e9, 20), 1e9).normal?.daysToFull).toBeUndefined();
  });

  test("a database that was pruned once does not turn the rate", () => {
    const points = filling(20e9, 100).map((point, step) =>
      step < 70 ? point : { ...point, availableBytes: point.availableBytes + 300e9 },
    );
    expect(forecastDisk(points, 500e9).normal?.bytesPerDay).toBeCloseTo(20e9, -9);
  });

  test("without finality it is measured where that was seen, and assumed where it was not", () => {
    const calm = filling(10e9, 30);
    expect(forecastDisk(calm, 120e9).withoutFinality).toEqual({
      ...{ basis: "assumed", bytesPerDay: expect.closeTo(10e9 + assumedExtraBytesPerDay, -3) as number },
      daysToFull: expect.closeTo(2, 5) as number,
    });
    const stall = filling(90e9, 30, { isFinalityLate: true }).map((point) => ({
      ...point,
      at: point.at + 30 * diskPeriodMs,
    }));
    const both = forecastDisk([...calm, ...stall], 90e9);
    expect(both.withoutFinality).toMatchObject({ basis: "measured" });
    expect(both.withoutFinality?.daysToFull).toBeCloseTo(1, 5);
    expect(both.normal?.bytesPerDay).toBeCloseTo(10e9, -6);
  });

  test("points are ten minutes apart, bounded, and those of another disk begin anew", () => {
    const points = filling(1e9, 1_000).reduce(addDiskPoint, [] as readonly DiskPoint[]);
    expect(points).toHaveLength(mostDiskPoints);
    const last = points.at(-1)!;
    expect(addDiskPoint(points, { ...last, at: last.at + 1_000 })).toBe(points);
    expect(addDiskPoint(points, { ...last, at: last.at + day, sizeBytes: 4e12 })).toHaveLength(1);
  });
});
