import type { HistoryPoint } from "../../../src/api/contract.ts";

/** Columns of a chart; `null` is a hole: no sample, so no line. */
export interface HistorySeries {
  /** Milliseconds, ascending. */
  at: number[];
  ready: (number | null)[];
  total: (number | null)[];
  perSecond: (number | null)[];
  /** Requests that failed since the bucket before. */
  failed: (number | null)[];
  finality: (number | null)[];
}

/** Samples of one moment from several gateways fall into one bucket of this width. */
const bucketMs = 10_000;

/** Joins a newer page to what is known, drops what fell out of the window, keeps one point per (gateway, group, at). */
export function mergeHistory(
  known: readonly HistoryPoint[],
  newer: readonly HistoryPoint[],
  fromAt: number,
): HistoryPoint[] {
  const byKey = new Map<string, HistoryPoint>();
  for (const point of [...known, ...newer])
    if (point.at >= fromAt) byKey.set(`${point.at} ${point.gateway} ${point.group}`, point);
  return [...byKey.values()].sort((a, b) => a.at - b.at);
}

/**
 * Sums the groups that pass `isChosen`; finality is the worst of them. A node behind two gateways counts once per gateway.
 * A stretch of more than three buckets without samples becomes a hole.
 */
export function historySeries(
  points: readonly HistoryPoint[],
  isChosen: (point: HistoryPoint) => boolean,
): HistorySeries {
  const buckets = new Map<number, Map<string, HistoryPoint>>();
  const chosen = points.filter(isChosen);
  for (const point of chosen) {
    const bucketAt = Math.floor(point.at / bucketMs) * bucketMs;
    const bucket = buckets.get(bucketAt) ?? new Map<string, HistoryPoint>();
    bucket.set(`${point.gateway} ${point.group}`, point);
    buckets.set(bucketAt, bucket);
  }
  const series: HistorySeries = { at: [], ready: [], total: [], perSecond: [], failed: [], finality: [] };
  const failures = failuresPerBucket(chosen);
  let lastAt: number | undefined;
  for (const [at, bucket] of [...buckets].sort((a, b) => a[0] - b[0])) {
    if (lastAt !== undefined && at - lastAt > 3 * bucketMs) pushHole(series, lastAt + bucketMs);
    pushBucket(series, at, [...bucket.values()], failures.get(at) ?? 0);
    lastAt = at;
  }
  return series;
}

/** The counter runs since the gateway's start, so a fall means a restart: all of the new count is new. */
function failuresPerBucket(points: readonly HistoryPoint[]): ReadonlyMap<number, number> {
  const counters = new Map<string, number>();
  const perBucket = new Map<number, number>();
  for (const { at, gateway, group, failedRequests } of points) {
    const key = `${gateway} ${group}`;
    const before = counters.get(key) ?? failedRequests;
    const added = failedRequests >= before ? failedRequests - before : failedRequests;
    counters.set(key, failedRequests);
    const bucketAt = Math.floor(at / bucketMs) * bucketMs;
    perBucket.set(bucketAt, (perBucket.get(bucketAt) ?? 0) + added);
  }
  return perBucket;
}

function pushBucket(series: HistorySeries, at: number, points: readonly HistoryPoint[], failed: number): void {
  const sum = (pick: (point: HistoryPoint) => number) => points.reduce((total, point) => total + pick(point), 0);
  const distances = points.map((point) => point.finalityDistanceEpochs).filter((value) => value !== undefined);
  series.at.push(at);
  series.ready.push(sum((point) => point.readyNodes));
  series.total.push(sum((point) => point.totalNodes));
  series.perSecond.push(sum((point) => point.requestsPerSecond));
  series.failed.push(failed);
  series.finality.push(distances.length === 0 ? null : Math.max(...distances));
}

function pushHole(series: HistorySeries, at: number): void {
  series.at.push(at);
  for (const column of [series.ready, series.total, series.perSecond, series.failed, series.finality])
    column.push(null);
}

const shortestWindowMs = 600_000;

/** Where the charts begin: an hour ago, or later while less is recorded, in steps of ten minutes. */
export function windowFrom(firstAt: number | undefined, toAt: number, windowMs: number): number {
  const recordedMs = toAt - (firstAt ?? toAt);
  const steps = Math.max(1, Math.ceil(recordedMs / shortestWindowMs));
  return toAt - Math.min(windowMs, steps * shortestWindowMs);
}

export interface Extremes {
  last: number;
  min: number;
  minAt: number;
  max: number;
  maxAt: number;
}

/** The newest, lowest and highest sample of a column; `undefined` without any. */
export function extremes(at: readonly number[], column: readonly (number | null)[]): Extremes | undefined {
  let found: Extremes | undefined;
  column.forEach((value, index) => {
    const time = at[index];
    if (value === null || time === undefined) return;
    if (found === undefined) found = { last: value, min: value, minAt: time, max: value, maxAt: time };
    else found.last = value;
    if (value < found.min) [found.min, found.minAt] = [value, time];
    if (value > found.max) [found.max, found.maxAt] = [value, time];
  });
  return found;
}
