import { Counter, Gauge, type Registry } from "prom-client";
import type { ProcessHealthSource } from "./process-health.ts";

export interface ConfigState {
  /** Why the newest file was refused, while it is. */
  error: string | undefined;
  /** ms since the epoch. */
  loadedAt: number;
}

/** Metrics that every role has about itself; `role` tells them apart where one Prometheus job scrapes both. */
export function registerProcessMetrics(
  registry: Registry,
  role: "gateway" | "monitor",
  version: string,
  health: Pick<ProcessHealthSource, "read">,
  config: () => ConfigState,
): void {
  registry.setDefaultLabels({ role });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge(
    "slotkeeper_event_loop_lag_seconds",
    "99th percentile of the event loop's delay in the last 10 s.",
    () => health.read().eventLoopLagMs / 1e3,
  );
  gauge("slotkeeper_resident_bytes", "Resident memory of the process.", () => health.read().rssBytes);
  gauge("slotkeeper_heap_used_bytes", "JavaScript heap in use.", () => health.read().heapUsedBytes);
  new Counter({
    name: "slotkeeper_cpu_seconds_total",
    help: "CPU time used since the process started.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(health.read().cpuSeconds);
    },
  });
  gauge("slotkeeper_config_reload_failed", "1 while the newest config file is refused and the old one runs on.", () =>
    config().error === undefined ? 0 : 1,
  );
  const startedAt = config().loadedAt;
  gauge("slotkeeper_start_timestamp_seconds", "When the process started.", () => startedAt / 1e3);
  gauge(
    "slotkeeper_config_loaded_timestamp_seconds",
    "When the running config was taken over.",
    () => config().loadedAt / 1e3,
  );
  new Gauge({
    name: "slotkeeper_build_info",
    help: "Always 1; the label holds the version.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version }, 1);
}
