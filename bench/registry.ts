/** A benchmark prints what it does as it goes, ends everything it started, and returns the figures of its last line. */
export interface Benchmark {
  what: string;
  load: () => Promise<{ run: (options: { isQuick: boolean }) => Promise<Record<string, unknown>> }>;
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
  passthrough: {
    what: "requests per CPU-second of plain pass-through, against HAProxy",
    load: () => import("./passthrough.ts"),
  },
  footprint: {
    what: "memory and CPU of the whole process tree on three real nodes",
    load: () => import("./footprint.ts"),
  },
};
