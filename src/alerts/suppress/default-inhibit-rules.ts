import type { InhibitRule } from "./types.ts";

/** On unless the configuration says otherwise: of two thresholds of one alert, only the worse is told. */
export const defaultInhibitRules: readonly InhibitRule[] = [
  {
    id: "critical-over-warning",
    sourceMatchers: [{ name: "severity", op: "=", value: "critical" }],
    targetMatchers: [{ name: "severity", op: "=~", value: "warning|info" }],
    equal: ["alertname", "group", "node", "host", "path", "customer", "client", "gateway", "place", "provider"],
  },
  {
    id: "group-down-over-node",
    sourceMatchers: [
      { name: "alertname", op: "=", value: "UpstreamsNotReady" },
      { name: "severity", op: "=", value: "critical" },
    ],
    targetMatchers: [{ name: "alertname", op: "=~", value: "UpstreamNotReady|StandbyNotReady|ExecutionClientOffline" }],
    equal: ["group"],
  },
];
