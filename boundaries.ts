/**
 * Which folder of `src` may import which (`lib` always). The linter and `test/boundaries.test.ts` both read this table;
 * `ARCHITECTURE.md` explains it. A folder that is not here may not exist.
 */
export const mayImport: Readonly<Record<string, readonly string[] | "everything">> = {
  lib: [],
  chain: [],
  beacon: ["chain"],
  fleet: ["beacon", "chain"],
  upstream: ["beacon", "fleet", "chain"],
  control: ["upstream", "chain"],
  faults: [],
  drills: ["control", "faults", "upstream", "chain"],
  gateway: ["control", "faults", "upstream", "beacon", "fleet", "chain"],
  duties: ["control", "upstream", "beacon", "fleet", "chain"],
  sla: ["duties", "fleet", "chain"],
  signals: ["control", "fleet", "chain"],
  alerts: ["fleet", "chain"],
  outbox: [],
  notify: ["outbox"],
  oncall: [],
  incidents: ["alerts", "oncall", "sla", "duties", "signals", "upstream", "control", "fleet", "outbox", "chain"],
  respond: ["incidents", "alerts", "oncall", "outbox", "fleet", "chain"],
  check: ["signals", "upstream", "beacon", "fleet", "chain"],
  access: [],
  sim: ["beacon", "chain"],
  // `store` sees domain folders for their types only: the linter allows `import type` and nothing else.
  store: [
    ...["chain", "fleet", "upstream", "control", "duties", "drills"],
    ...["access", "outbox", "alerts", "oncall", "incidents", "respond"],
  ],
  api: [
    ...["access", "drills", "sla", "duties", "signals", "control", "upstream", "fleet", "chain"],
    ...["alerts", "oncall", "incidents", "respond", "outbox"],
  ],
  app: "everything",
  cli: [
    "app",
    "api",
    "check",
    "signals",
    "duties",
    "sla",
    "drills",
    "faults",
    "control",
    "upstream",
    "fleet",
    "beacon",
    "chain",
    "access",
    "alerts",
    "oncall",
    "incidents",
    "respond",
    "outbox",
  ],
};

/** Folders whose rows allow type imports only. */
export const typeOnly: readonly string[] = ["store"];
