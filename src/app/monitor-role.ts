import type { RoleParts, RunningRole } from "./run-role.ts";
import { wireMonitor } from "./wire-monitor.ts";

/** Watching, web page and API as a process of its own. */
export function startMonitorRole(parts: RoleParts): Promise<RunningRole> {
  return wireMonitor(parts);
}
