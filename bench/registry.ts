export interface BenchmarkOptions {
  isQuick: boolean;
  /** Of those that the benchmark names. */
  flags: Readonly<Record<string, string>>;
}

/** A benchmark prints what it does as it goes, ends everything it started, and returns the figures of its last line. */
export interface Benchmark {
  what: string;
  /** Flags with a value, beside `--quick`. */
  flags?: Readonly<Record<string, string>>;
  load: () => Promise<{ run: (options: BenchmarkOptions) => Promise<Record<string, unknown>> }>;
}

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  start: {
    what: "clean clone to the first attestation through the gateway, and the second start",
    load: () => import("./start.ts"),
  },
  "failover-basic": {
    what: "the serving node is killed mid-slot, against the client's own fallback",
    load: () => import("./failover-basic.ts"),
  },
  "failover-hang": {
    what: "the serving node is frozen mid-slot, against the client's own fallback",
    load: () => import("./failover-hang.ts"),
  },
  failover: {
    what: "sixteen kinds of fault, Slotkeeper against HAProxy, HAProxy tuned and the client's own fallback",
    flags: { kinds: "only these, separated by commas", rounds: "of each kind (3)" },
    load: () => import("./failover.ts"),
  },
  passthrough: {
    what: "requests per CPU-second of plain pass-through, against HAProxy",
    load: () => import("./passthrough.ts"),
  },
  coalesce: {
    what: "upstream calls saved among reads that may be shared, fifty clients of 200 keys",
    load: () => import("./coalesce.ts"),
  },
  latency: {
    what: "latency that the gateway adds at 2,000 requests a second of the mix",
    load: () => import("./latency.ts"),
  },
  mix: {
    what: "the validator-client mix of fifty clients: CPU per request and throughput, against HAProxy",
    load: () => import("./mix.ts"),
  },
  upgrade: {
    what: "the gateway is upgraded under load, again and again",
    load: () => import("./upgrade.ts"),
  },
  "duties-exact": {
    what: "every flag of every duty against a real node's full states and the specification's own state transition",
    flags: {
      part: "generated or devnet (both; a quick run leaves the devnet out)",
      chains: "of each kind (40)",
      seed: "of the first chain (the time)",
      epochs: "of the devnet (20)",
      losses: "only these on the devnet, separated by commas",
    },
    load: () => import("./duties-exact.ts"),
  },
  soak: {
    what: "heap and file descriptors under faults and reconnect storms of 1,000 event streams",
    flags: { minutes: "how long (30)" },
    load: () => import("./soak.ts"),
  },
  storage: {
    what: "a day of judged duties of 100,000 validators in SQLite, in megabytes",
    load: () => import("./storage.ts"),
  },
  sla: {
    what: "uptime, budget, burn and forecast of random histories against a brute-force recomputation",
    flags: { seed: "of the histories (random)" },
    load: () => import("./sla.ts"),
  },
  oncall: {
    what: "who is on call, over 10 years in 20 zones, against people who watch the wall clock minute by minute",
    flags: { seed: "of the schedules (random)" },
    load: () => import("./oncall.ts"),
  },
  noise: {
    what: "24 hours of 10,000 validators with ordinary losses and 30 faults through the shipped rules: pages that no fault explains",
    flags: { seed: "of the day (random)" },
    load: () => import("./noise.ts"),
  },
  "duties-scale": {
    what: "one epoch of a million validators, 100,000 of them watched: CPU, memory, requests and megabytes",
    load: () => import("./duties-scale.ts"),
  },
  "non-finality": {
    what: "100 epochs without finality: provisional numbers on time, labelled, in bounded memory",
    load: () => import("./non-finality.ts"),
  },
  causes: {
    what: "the cause of every lost duty, against what was injected: a validator client, nodes, blocks, each kind of fault",
    flags: { only: "only these injections, separated by commas" },
    load: () => import("./causes.ts"),
  },
  assess: {
    what: "incidents of the catalogue replayed on a simulated chain: scope and label set within two epochs, and pages",
    flags: {
      seed: "of the variations (random)",
      variations: "of each incident (10; a quick run 1)",
      only: "only these, separated by commas",
    },
    load: () => import("./assess.ts"),
  },
  footprint: {
    what: "memory and CPU of the whole process tree on three real nodes",
    load: () => import("./footprint.ts"),
  },
  page: {
    what: "a storm of 1,050 alerts in a minute: from a group's first alert to the page that the provider accepted",
    flags: { seconds: "of the storm (60)" },
    load: () => import("./page.ts"),
  },
  kill: {
    what: "the monitor's path from fact to person is killed at each named point: lost, repeated and orphaned messages",
    flags: { rounds: "for each point (130; a quick run 4)", stores: "sqlite,postgres" },
    load: () => import("./kill.ts"),
  },
  heatmap: {
    what: "main-thread time a frame while the heatmap of 100,000 validators is panned and zoomed in a browser",
    load: () => import("./heatmap.ts"),
  },
};
