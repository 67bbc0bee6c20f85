import { readFileSync } from "node:fs";

/** Which process a pid means: the start time tells it from a later process with the same pid. */
export type ProcessIdentity = { pid: number; startTicks: string };

/**
 * Start time of a live process in clock ticks since boot, from field 22 of `/proc/PID/stat` (proc(5)).
 * Null if it is gone, or dead and not yet collected by its parent.
 */
export function readStartTicks(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  return parseStartTicks(stat);
}

/** The command name (field 2) may hold spaces and brackets, so fields are counted from its last closing bracket. */
export function parseStartTicks(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return null;
  return fields[19] ?? null;
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  return readStartTicks(identity.pid) === identity.startTicks;
}
