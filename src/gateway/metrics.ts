import type { Metric, Registry } from "prom-client";
import type { ClientTally } from "./clients/client-book.ts";
import { durationBounds, type GroupCounters } from "./counters.ts";
import type { NodeLink } from "./send/node-pools.ts";

/** What one group shows; read only when somebody scrapes. */
export interface MetricSource {
  group: string;
  counters: GroupCounters;
  links: () => Iterable<NodeLink>;
  openSockets: () => number;
  /** Bytes of kept shared answers, and of all bodies in memory. */
  cacheBytes: () => number;
  bufferedBytes: () => number;
  /** Named clients, and all others together. */
  clients: () => Iterable<ClientTally>;
  /** Of the listener's certificate, ms since the epoch; absent for plain HTTP. */
  certificateEndsAt?: () => number | undefined;
  replayAgeS: () => number;
  isHeld: () => boolean;
  watermarkEpoch: () => number | undefined;
  replayItems: () => Iterable<readonly [kind: string, count: number]>;
}

interface Sample {
  value: number;
  labels: Record<string, string | number>;
  metricName?: string;
}

type Read = (source: MetricSource) => Iterable<Sample>;

const sources = new WeakMap<Registry, Set<MetricSource>>();

/** Adds a group to the gateway's metrics. Labels are bounded by the routing table and the config. Returns what removes it. */
export function registerGatewayMetrics(registry: Registry, source: MetricSource): () => void {
  let set = sources.get(registry);
  if (!set) {
    set = new Set();
    sources.set(registry, set);
    registerFamilies(registry, set);
  }
  const own = set;
  own.add(source);
  return () => own.delete(source);
}

function registerFamilies(registry: Registry, set: ReadonlySet<MetricSource>): void {
  // The counts are plain numbers of the hot path: prom-client sees them through `get`, as it does its own metrics.
  function family(name: string, type: string, help: string, read: Read): void {
    const full = `slotkeeper_gateway_${name}`;
    const get = () =>
      Promise.resolve({ name: full, help, type, aggregator: "sum", values: [...set].flatMap((one) => [...read(one)]) });
    registry.registerMetric({ name: full, get, reset: () => undefined } as unknown as Metric);
  }
  const count = (name: string, help: string, read: (counters: GroupCounters) => number) =>
    family(name, "counter", help, ({ group, counters }) => [{ value: read(counters), labels: { group } }]);
  const perNode = (name: string, help: string, read: (link: NodeLink) => number) =>
    family(name, "counter", help, function* ({ group, links }) {
      for (const link of links()) yield { value: read(link), labels: { group, node: link.name } };
    });

  family(
    "route_requests_total",
    "counter",
    "Requests answered, by route and outcome (ok, refused 4xx, failed 5xx).",
    function* (source) {
      const { group } = source;
      for (const { route, ok, refused, failed } of source.counters.byRoute.values()) {
        yield { value: ok, labels: { group, route, outcome: "ok" } };
        yield { value: refused, labels: { group, route, outcome: "refused" } };
        yield { value: failed, labels: { group, route, outcome: "failed" } };
      }
    },
  );
  family("request_duration_seconds", "histogram", "Time from arrival to answer, by route.", durations);
  count("hedges_total", "Second calls made because the first node was slow.", (c) => c.hedges);
  count("retries_total", "Calls repeated on another node or connection after a failure.", (c) => c.retries);
  count("dropped_calls_total", "Calls to a node given up because of a bound.", (c) => c.dropped);
  count("degraded_answers_total", "Answers served from a node that is not ready.", (c) => c.degraded);
  count(
    "refused_requests_total",
    "Requests refused before routing: not HTTP, or hostile.",
    (c) => c.refusedBeforeRouting,
  );
  const perClient = (name: string, help: string, read: (tally: ClientTally) => number) =>
    family(name, "counter", help, function* ({ group, clients }) {
      for (const tally of clients()) yield { value: read(tally), labels: { group, client: tally.label } };
    });
  perClient(
    "client_requests_total",
    "Requests by client named in the config; `(other)` for all others.",
    (t) => t.requests,
  );
  perClient(
    "client_overloaded_total",
    "Bulk requests refused because too many were under way, by client.",
    (t) => t.overloaded,
  );
  perClient(
    "client_refused_total",
    "Requests of clients that are not known, or whose lists forbid the route.",
    (t) => t.refused,
  );
  count("slow_readers_total", "Event streams closed because their client read too slowly.", (c) => c.slowReaders);
  count("events_sent_total", "Events sent to clients.", (c) => c.eventsSent);
  count("events_dropped_total", "Events of a node that sent more than any honest node does.", (c) => c.eventsDropped);
  count(
    "fee_recipients_refused_total",
    "Items refused because their fee recipient is not on the allow-list.",
    (c) => c.feeRecipientsRefused,
  );
  count(
    "tripwire_refused_total",
    "Messages not published because they are slashable with an earlier one.",
    (c) => c.tripwireRefused,
  );
  count("merged_publishes_total", "Publishes that went to the nodes in one call with others.", (c) => c.merged);
  count("duplicate_keys_total", "Validator indices that two clients named within an epoch.", (c) => c.duplicateKeys);
  count(
    "source_regressed_total",
    "Answers not served because their source epoch is below one served before.",
    (c) => c.sourceRegressed,
  );
  family(
    "attestation_data_agreed_total",
    "counter",
    "Attestation data by what agreed on source and target: a quorum, only the nodes on the view, or nobody (503).",
    ({ group, counters }) => [
      { value: counters.agreedByQuorum, labels: { group, by: "quorum" } },
      { value: counters.agreedByView, labels: { group, by: "view" } },
      { value: counters.notAgreed, labels: { group, by: "nobody" } },
    ],
  );
  family("held", "gauge", "1 while a person or a guard withholds signing inputs.", ({ group, isHeld }) => [
    { value: isHeld() ? 1 : 0, labels: { group } },
  ]);
  family(
    "source_watermark_epoch",
    "gauge",
    "No source epoch below this one is served; absent before the first.",
    ({ group, watermarkEpoch }) => {
      const value = watermarkEpoch();
      return value === undefined ? [] : [{ value, labels: { group } }];
    },
  );
  family(
    "shared_total",
    "counter",
    "Requests on shared routes: hit in memory, joined another's call, led a call, or bypassed sharing.",
    function* ({ group, counters }) {
      for (const result of ["hit", "joined", "led", "bypassed"] as const)
        yield { value: counters.shared[result], labels: { group, result } };
    },
  );
  family("cache_bytes", "gauge", "Bytes of shared answers kept in memory.", ({ group, cacheBytes }) => [
    { value: cacheBytes(), labels: { group } },
  ]);
  family("buffered_bytes", "gauge", "Bytes of request and answer bodies in memory, the cache included.", (source) => [
    { value: source.bufferedBytes(), labels: { group: source.group } },
  ]);
  perNode("node_calls_total", "Calls made to a beacon node for clients.", (link) => link.calls);
  perNode("node_call_failures_total", "Calls to a beacon node that brought no answer.", (link) => link.failures);
  perNode("node_dropped_calls_total", "Calls to a beacon node given up because of a bound.", (link) => link.dropped);
  family(
    "tls_certificate_not_after_seconds",
    "gauge",
    "When the listener's certificate ends, seconds since the epoch.",
    function* ({ group, certificateEndsAt }) {
      const endsAt = certificateEndsAt?.();
      if (endsAt !== undefined) yield { value: Math.round(endsAt / 1_000), labels: { group } };
    },
  );
  family("in_flight_requests", "gauge", "Requests of clients under way.", ({ group, counters }) => [
    { value: counters.inFlight, labels: { group } },
  ]);
  family("open_sockets", "gauge", "Open connections of clients.", ({ group, openSockets }) => [
    { value: openSockets(), labels: { group } },
  ]);
  family(
    "replay_age_seconds",
    "gauge",
    "For how long changes of the replay store wait to be written.",
    ({ group, replayAgeS }) => [{ value: replayAgeS(), labels: { group } }],
  );
  family("replay_items", "gauge", "Items in the replay store, by kind.", function* ({ group, replayItems }) {
    for (const [kind, value] of replayItems()) yield { value, labels: { group, kind } };
  });
}

function* durations({ group, counters }: MetricSource): Iterable<Sample> {
  for (const { route, buckets, sumS } of counters.byRoute.values()) {
    let cumulative = 0;
    for (let i = 0; i <= durationBounds.length; i++) {
      cumulative += buckets[i] ?? 0;
      const le = i < durationBounds.length ? (durationBounds[i] as number) : "+Inf";
      yield {
        value: cumulative,
        labels: { group, route, le },
        metricName: "slotkeeper_gateway_request_duration_seconds_bucket",
      };
    }
    yield { value: sumS, labels: { group, route }, metricName: "slotkeeper_gateway_request_duration_seconds_sum" };
    yield {
      value: cumulative,
      labels: { group, route },
      metricName: "slotkeeper_gateway_request_duration_seconds_count",
    };
  }
}
