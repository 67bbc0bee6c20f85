import type { Route } from "./routes/route.ts";

/** Upper bounds of the duration histogram, seconds. */
export const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 12] as const;

/** Counts of one route; plain numbers, published only when somebody scrapes. */
export interface RouteCounters {
  route: string;
  ok: number;
  /** 4xx: the client's or the chain's fault. */
  refused: number;
  /** 5xx, made here or passed on. */
  failed: number;
  /** One more than there are bounds: the last is +Inf. Not cumulative. */
  buckets: Float64Array;
  sumS: number;
}

/** Requests on shared routes, by where their answer came from: memory, another's call, their own, or unshared. */
export interface SharedCounters {
  hit: number;
  joined: number;
  led: number;
  bypassed: number;
}

export interface GroupCounters {
  total: number;
  failed: number;
  inFlight: number;
  streams: number;
  hedges: number;
  retries: number;
  dropped: number;
  degraded: number;
  refusedBeforeRouting: number;
  slowReaders: number;
  eventsSent: number;
  eventsDropped: number;
  noReadyMs: number;
  degradedMs: number;
  feeRecipientsRefused: number;
  tripwireRefused: number;
  /** Attestation data by what agreed: a quorum, only the view's nodes, or nobody. */
  agreedByQuorum: number;
  agreedByView: number;
  notAgreed: number;
  sourceRegressed: number;
  duplicateKeys: number;
  /** Publishes that went to the nodes together with others. */
  merged: number;
  shared: SharedCounters;
  byRoute: Map<string, RouteCounters>;
}

export function createCounters(): GroupCounters {
  return {
    total: 0,
    failed: 0,
    inFlight: 0,
    streams: 0,
    hedges: 0,
    retries: 0,
    dropped: 0,
    degraded: 0,
    refusedBeforeRouting: 0,
    slowReaders: 0,
    eventsSent: 0,
    eventsDropped: 0,
    noReadyMs: 0,
    degradedMs: 0,
    feeRecipientsRefused: 0,
    tripwireRefused: 0,
    agreedByQuorum: 0,
    agreedByView: 0,
    notAgreed: 0,
    sourceRegressed: 0,
    duplicateKeys: 0,
    merged: 0,
    shared: { hit: 0, joined: 0, led: 0, bypassed: 0 },
    byRoute: new Map(),
  };
}

/** The row of a route, made at its first use. */
function routeRow(counters: GroupCounters, route: Route): RouteCounters {
  let row = counters.byRoute.get(route.id);
  if (!row) {
    const buckets = new Float64Array(durationBounds.length + 1);
    row = { route: route.id, ok: 0, refused: 0, failed: 0, buckets, sumS: 0 };
    counters.byRoute.set(route.id, row);
  }
  return row;
}

/** Counts one answered request: status and milliseconds from arrival. */
export function countAnswer(counters: GroupCounters, route: Route, status: number, durationMs: number): void {
  const row = routeRow(counters, route);
  counters.total++;
  if (status >= 500) {
    row.failed++;
    counters.failed++;
  } else if (status >= 400) row.refused++;
  else row.ok++;
  const seconds = durationMs / 1000;
  row.sumS += seconds;
  let index = 0;
  while (index < durationBounds.length && seconds > (durationBounds[index] as number)) index++;
  row.buckets[index] = (row.buckets[index] as number) + 1;
}
