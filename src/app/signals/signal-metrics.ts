import { Gauge, type Registry } from "prom-client";
import type { HostState } from "../../signals/hosts/host-state.ts";
import type { LogState } from "../../signals/logs/log-state.ts";

interface Sources {
  hosts(): readonly HostState[];
  logs(): readonly LogState[];
}

const verdicts = ["good", "warning", "bad", "unknown"] as const;

/** Machines by name, logs by name: both bounded by the configuration; signatures by the catalogue. */
export function registerSignalMetrics(registry: Registry, { hosts, logs }: Sources): void {
  const registers = [registry];
  new Gauge({
    name: "slotkeeper_host_state",
    help: "1 for what a machine is judged to be, 0 for the others.",
    labelNames: ["host", "state"],
    registers,
    collect() {
      this.reset();
      for (const { name, verdict } of hosts())
        for (const state of verdicts) this.set({ host: name, state }, state === verdict ? 1 : 0);
    },
  });
  new Gauge({
    name: "slotkeeper_host_disk_days_to_full",
    help: "Days until the fullest disk of a machine is full: at the rate of the last hours, or without finality.",
    labelNames: ["host", "rate"],
    registers,
    collect() {
      this.reset();
      for (const { name, disks } of hosts())
        for (const [rate, pick] of [
          ["normal", "normal"],
          ["without_finality", "withoutFinality"],
        ] as const) {
          const days = disks.flatMap(({ forecast }) => forecast[pick]?.daysToFull ?? []);
          if (days.length > 0) this.set({ host: name, rate }, Math.min(...days));
        }
    },
  });
  new Gauge({
    name: "slotkeeper_log_followed",
    help: "1 while a log is read, 0 while it cannot be.",
    labelNames: ["log"],
    registers,
    collect() {
      this.reset();
      for (const { name, state } of logs()) this.set({ log: name }, state === "log-followed" ? 1 : 0);
    },
  });
  new Gauge({
    name: "slotkeeper_log_matches",
    help: "Lines of a log that are known, by signature, since the monitor started.",
    labelNames: ["log", "signature"],
    registers,
    collect() {
      this.reset();
      for (const { name, matches } of logs())
        for (const [signature, count] of Object.entries(matches)) this.set({ log: name, signature }, count);
    },
  });
  new Gauge({
    name: "slotkeeper_log_unexplained_errors",
    help: "Error lines of a log that no signature explains, since the monitor started.",
    labelNames: ["log"],
    registers,
    collect() {
      this.reset();
      for (const { name, unexplainedErrors } of logs()) this.set({ log: name }, unexplainedErrors);
    },
  });
}
