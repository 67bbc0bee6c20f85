import { auditHash } from "../access/audit.ts";
import { columnCodec } from "../duties/columns/column-codec.ts";
import { openSqliteStore } from "../store/store.ts";
import type { RoleParts, RunningRole } from "./run-role.ts";
import { wireMonitor } from "./wire-monitor.ts";

/** Watching, web page and API as a process of its own. `fail`: for one that has to stop by itself, and has; the process is then to end. */
export async function startMonitorRole(parts: RoleParts, fail: (error: unknown) => void): Promise<RunningRole> {
  const { store } = parts.loaded.config;
  if (store.kind === "sqlite") return wireMonitor(parts, () => openSqliteStore(store.path, auditHash, columnCodec));
  const { leadMonitor } = await import("./lead-monitor.ts");
  return leadMonitor(parts, store.url, fail);
}
