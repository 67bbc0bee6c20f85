import { fact } from "./describe-fact.ts";

const minutes = (count: number) => count * 60_000;

/** What machines and logs say. */
export const hostFacts = [
  fact(
    "disk_days_to_full",
    "days",
    ["host", "path"],
    minutes(10),
    "Days until the disk is full at the rate of the last hours; 1000 where it does not fill.",
    "machines (hosts)",
  ),
  fact("disk_available_ratio", "ratio", ["host", "path"], minutes(10), "Free share of the disk.", "machines (hosts)"),
  fact(
    "memory_available_ratio",
    "ratio",
    ["host"],
    minutes(10),
    "Share of memory that is free or can be given back.",
    "machines (hosts)",
  ),
  fact(
    "cpu_busy_ratio",
    "ratio",
    ["host"],
    minutes(10),
    "Busy share of all processors over the last 5 minutes.",
    "machines (hosts)",
  ),
  fact(
    "clock_offset_ms",
    "milliseconds",
    ["host"],
    minutes(10),
    "How far the machine's clock is off, without its sign.",
    "machines (hosts)",
  ),
  fact(
    "host_silent_seconds",
    "seconds",
    ["host"],
    minutes(10),
    "Time since the machine's figures were last read.",
    "machines (hosts)",
  ),
  fact(
    "host_hardware_errors",
    "count",
    ["host"],
    minutes(10),
    "Memory, disk or network errors of the last hour that the machine's kernel reports.",
    "the kernel's error counters: not read yet",
  ),
  fact(
    "process_restarts",
    "count",
    ["host", "process"],
    minutes(10),
    "Starts of a client's process within the last hour.",
    "machines (hosts)",
  ),
  fact(
    "log_bad_lines",
    "count",
    ["log", "signature"],
    minutes(10),
    "Lines of the last 15 minutes that match a known bad message; a flood of one is counted up to 20 a minute.",
    "logs that are followed (logs)",
  ),
  fact(
    "provider_hosts_silent",
    "count",
    ["provider"],
    minutes(10),
    "Machines of one provider that answer nothing, where at least two do.",
    "machines of a provider (hosts)",
  ),
] as const;
