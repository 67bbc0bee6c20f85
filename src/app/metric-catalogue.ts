import { Registry, type MetricObject } from "prom-client";
import { createCounters } from "../gateway/counters.ts";
import { registerGatewayMetrics as registerProxyMetrics } from "../gateway/metrics.ts";
import type { Clock } from "../lib/clock.ts";
import { noDuties } from "../api/testing/no-duties.ts";
import { registerDutyMetrics } from "./duties/duty-metrics.ts";
import { registerGatewayMetrics } from "./gateway-metrics.ts";
import { emptyState } from "../respond/rows.ts";
import { registerRespondMetrics } from "./respond/respond-metrics.ts";
import { nothingUndelivered } from "./respond/undelivered.ts";
import { registerSignalMetrics } from "./signals/signal-metrics.ts";
import { registerMonitorMetrics } from "./monitor-metrics.ts";
import { registerProcessMetrics } from "./process-metrics.ts";

export interface DescribedMetric {
  role: "gateway" | "monitor";
  name: string;
  type: string;
  help: string;
  /** Names of its labels. */
  labels: readonly string[];
}

/** Every metric that the two roles export, registered as they register it but with nothing behind: for docs and for the rules' test. */
export async function metricCatalogue(clock: Clock): Promise<DescribedMetric[]> {
  const health = { read: () => ({ pid: 1, rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 1, cpuSeconds: 1 }) };
  const config = () => ({ error: undefined, loadedAt: 0 });
  const gateway = new Registry();
  const monitor = new Registry();
  registerProcessMetrics(gateway, "gateway", "0.0.0", health, config);
  const stopCounting = registerGatewayMetrics(gateway, clock, () => []);
  const counters = createCounters();
  const nothing = {
    links: () => [],
    openSockets: () => 0,
    cacheBytes: () => 0,
    bufferedBytes: () => 0,
    isHeld: () => false,
    watermarkEpoch: () => undefined,
    clients: () => [],
    replayAgeS: () => 0,
    replayItems: () => [],
  };
  const withdraw = registerProxyMetrics(gateway, { group: "main", counters, ...nothing });
  registerProcessMetrics(monitor, "monitor", "0.0.0", health, config);
  registerMonitorMetrics(monitor, { observed: () => [], level: () => "fine", streamClients: () => 0, now: clock.now });
  const duties = noDuties();
  registerDutyMetrics(monitor, { now: duties.now, newest: () => undefined, fleet: duties.fleet });
  registerSignalMetrics(monitor, { hosts: () => [], logs: () => [] });
  registerRespondMetrics(monitor, {
    ...{ state: () => emptyState, undelivered: () => nothingUndelivered, lastJudgedAt: clock.now, now: clock.now },
  });
  try {
    const roles = [["gateway", gateway] as const, ["monitor", monitor] as const];
    const described = roles.map(async ([role, registry]) => {
      const heads = parseHeads(role, await registry.metrics());
      const labels = new Map(
        registry.getMetricsAsArray().map((metric: Registered) => [metric.name, metric.labelNames]),
      );
      return heads.map((head) => ({ ...head, labels: labels.get(head.name) ?? [] }));
    });
    return (await Promise.all(described))
      .flat()
      .sort((a, b) => a.name.localeCompare(b.name) || a.role.localeCompare(b.role));
  } finally {
    stopCounting();
    withdraw();
  }
}

/** What the library keeps of a metric and does not declare. */
type Registered = MetricObject & { labelNames?: readonly string[] };

function parseHeads(role: DescribedMetric["role"], text: string): Omit<DescribedMetric, "labels">[] {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  return [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = "", help = ""]) => ({
    role,
    name,
    type: types.get(name) ?? "untyped",
    help,
  }));
}
