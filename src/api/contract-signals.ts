import type { HostState } from "../signals/hosts/host-state.ts";
import type { LogEvent, LogState } from "../signals/logs/log-state.ts";

/**
 * Facts beyond the chain; part of the contract in `contract.ts`.
 *
 *   GET  /api/v1/hosts                                  HostsPage
 *   GET  /api/v1/logs?from=&to=&source=&node=&limit=    LogsPage, newest first
 */
export interface HostsPage {
  at: number;
  hosts: readonly HostState[];
}

export interface LogsPage {
  at: number;
  /** Raised whenever a known text changes. */
  catalogueVersion: number;
  logs: readonly LogState[];
  events: readonly LogEvent[];
}
