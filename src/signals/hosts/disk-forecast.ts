import type { DiskForecast, DiskRate } from "./host-state.ts";

/** One look at a disk. */
export interface DiskPoint {
  at: number;
  availableBytes: number;
  sizeBytes: number;
  /** Did the chain fail to finalize then? `undefined`: not known. */
  isFinalityLate: boolean | undefined;
}

const dayMs = 86_400_000;
/** 24 hours of points, ten minutes apart. */
export const diskPeriodMs = 600_000;
export const mostDiskPoints = 144;
/** A rate from less would be that of one compaction. */
const leastHistoryMs = 3_600_000;
/**
 * Never seen here without finality: then this much more a day than normal. Beacon nodes keep every hot state since the
 * last finalized epoch, which took tens of gigabytes a day on the public networks where it happened.
 */
export const assumedExtraBytesPerDay = 50e9;

/** Adds a point where one is due; a disk of another size is another disk. Returns the same list where nothing changes. */
export function addDiskPoint(points: readonly DiskPoint[], point: DiskPoint): readonly DiskPoint[] {
  const last = points.at(-1);
  if (last && last.sizeBytes !== point.sizeBytes) return [point];
  if (last && point.at - last.at < diskPeriodMs) return points;
  return [...points, point].slice(-mostDiskPoints);
}

/**
 * Days until a disk is full, at the rate of the last hours and at that of times without finality. The rate is the median
 * of the slopes between all pairs of points (Theil and Sen), so that a database that was pruned once, or a snapshot that
 * was there for an hour, does not turn it.
 */
export function forecastDisk(points: readonly DiskPoint[], availableBytes: number): DiskForecast {
  const historyMs = points.length < 2 ? 0 : (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const { normalRate, stallRate } = ratesOf(points);
  return {
    normal: normalRate === undefined ? undefined : rateOf(normalRate, availableBytes),
    withoutFinality:
      stallRate !== undefined
        ? { ...rateOf(stallRate, availableBytes), basis: "measured" }
        : normalRate === undefined
          ? undefined
          : { ...rateOf(Math.max(0, normalRate) + assumedExtraBytesPerDay, availableBytes), basis: "assumed" },
    historyMs,
  };
}

interface FillRates {
  normalRate: number | undefined;
  stallRate: number | undefined;
}

/** Many ask for the same points, and new ones come every ten minutes only. */
const knownRates = new WeakMap<readonly DiskPoint[], FillRates>();

function ratesOf(points: readonly DiskPoint[]): FillRates {
  const known = knownRates.get(points);
  if (known) return known;
  const normalPoints = points.filter(({ isFinalityLate }) => isFinalityLate !== true);
  const rates = { normalRate: fillRate(normalPoints), stallRate: fillRate(longestStall(points)) };
  knownRates.set(points, rates);
  return rates;
}

/** Bytes a day that the disk fills by; `undefined`: too little is known. */
function fillRate(points: readonly DiskPoint[]): number | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || last.at - first.at < leastHistoryMs) return undefined;
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++) {
      const [a, b] = [points[i] as DiskPoint, points[j] as DiskPoint];
      if (b.at > a.at) slopes.push(((a.availableBytes - b.availableBytes) / (b.at - a.at)) * dayMs);
    }
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length === 0) return undefined;
  return slopes.length % 2 === 1 ? slopes[middle] : ((slopes[middle - 1] as number) + (slopes[middle] as number)) / 2;
}

/** The longest unbroken row of points without finality. */
function longestStall(points: readonly DiskPoint[]): readonly DiskPoint[] {
  let best: readonly DiskPoint[] = [];
  let row: DiskPoint[] = [];
  for (const point of points) {
    row = point.isFinalityLate === true ? [...row, point] : [];
    if (row.length > best.length) best = row;
  }
  return best;
}

function rateOf(bytesPerDay: number, availableBytes: number): DiskRate {
  return { bytesPerDay, daysToFull: bytesPerDay > 0 ? availableBytes / bytesPerDay : undefined };
}
