import { Counter, Gauge, type Registry } from "prom-client";
import type { ObservedGateway } from "../control/observed-gateway.ts";
import type { StateLevel } from "../control/judge-state.ts";

export interface MonitorCounters {
  storeWriteFailed(): void;
  recordsLost(gateway: string, stream: string, count: number): void;
}

interface MonitorSources {
  observed: () => readonly ObservedGateway[];
  level: () => StateLevel;
  streamClients: () => number;
  now: () => number;
}

const levels = ["fine", "warning", "bad", "unknown"] as const;

/** The monitor's own metrics, labels bounded by the config. */
export function registerMonitorMetrics(registry: Registry, sources: MonitorSources): MonitorCounters {
  const registers = [registry];
  const storeErrors = new Counter({
    name: "slotkeeper_monitor_store_write_errors_total",
    help: "Writes that the store refused.",
    registers,
  });
  const lost = new Counter({
    name: "slotkeeper_monitor_ring_records_lost_total",
    help: "Records that fell out of a gateway's ring before they were read; a span of unknown size counts as one.",
    labelNames: ["gateway", "stream"],
    registers,
  });
  new Gauge({
    name: "slotkeeper_monitor_gateway_unreachable_seconds",
    help: "Seconds since the gateway was last heard of while it cannot be reached, else 0.",
    labelNames: ["gateway"],
    registers,
    collect() {
      const now = sources.now();
      for (const { name, isReachable, lastContactAt } of sources.observed())
        this.set({ gateway: name }, isReachable ? 0 : (now - (lastContactAt ?? startedAt)) / 1e3);
    },
  });
  const startedAt = sources.now();
  new Gauge({
    name: "slotkeeper_monitor_state",
    help: "1 for the level of the state sentence, 0 for the others.",
    labelNames: ["level"],
    registers,
    collect() {
      for (const level of levels) this.set({ level }, level === sources.level() ? 1 : 0);
    },
  });
  new Gauge({
    name: "slotkeeper_monitor_stream_clients",
    help: "Open live streams of the web page.",
    registers,
    collect() {
      this.set(sources.streamClients());
    },
  });
  return {
    storeWriteFailed: () => storeErrors.inc(),
    recordsLost: (gateway, stream, count) => lost.inc({ gateway, stream }, Math.max(1, count)),
  };
}
