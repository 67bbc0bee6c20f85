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
  ),
  fact("disk_available_ratio", "ratio", ["host", "path"], minutes(10), "Free share of the disk."),
  fact("memory_available_ratio", "ratio", ["host"], minutes(10), "Share of memory that is free or can be given back."),
  fact("cpu_busy_ratio", "ratio", ["host"], minutes(10), "Busy share of all processors over the last 5 minutes."),
  fact(
    "clock_offset_ms",
    "milliseconds",
    ["host"],
    minutes(10),
    "How far the machine's clock is off, without its sign.",
  ),
  fact("host_silent_seconds", "seconds", ["host"], minutes(10), "Time since the machine's figures were last read."),
  fact(
    "host_hardware_errors",
    "count",
    ["host"],
    minutes(10),
    "Memory, disk or network errors of the last hour that the machine's kernel reports.",
  ),
  fact(
    "process_restarts",
    "count",
    ["host", "process"],
    minutes(10),
    "Starts of a client's process within the last hour that no maintenance explains.",
  ),
  fact(
    "log_bad_lines",
    "count",
    ["log", "signature"],
    minutes(10),
    "Lines of the last 15 minutes that match a known bad message.",
  ),
  fact(
    "provider_hosts_silent",
    "count",
    ["provider"],
    minutes(10),
    "Machines of one provider that answer nothing, where at least two do.",
  ),
] as const;
