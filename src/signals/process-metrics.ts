import { firstOf, type SampleIndex } from "./sample-lookup.ts";

/** What nearly every client says about its own process; the names are those of the Prometheus client libraries. */
export interface ProcessReading {
  /** When the process started, milliseconds since the epoch. */
  startedAt: number | undefined;
  cpuSeconds: number | undefined;
  residentBytes: number | undefined;
  openFiles: number | undefined;
  maxFiles: number | undefined;
}

export const processMetricNames = [
  "process_start_time_seconds",
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
  "process_open_fds",
  "process_max_fds",
] as const;

export function readProcess(index: SampleIndex): ProcessReading {
  const startedAtSeconds = firstOf(index, ["process_start_time_seconds"]);
  return {
    startedAt: startedAtSeconds === undefined ? undefined : startedAtSeconds * 1000,
    cpuSeconds: firstOf(index, ["process_cpu_seconds_total"]),
    residentBytes: firstOf(index, ["process_resident_memory_bytes"]),
    openFiles: firstOf(index, ["process_open_fds"]),
    maxFiles: firstOf(index, ["process_max_fds"]),
  };
}
