import type { Registry } from "prom-client";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Ring } from "../lib/ring.ts";
import type { EvidenceRecord } from "../control/types.ts";
import type { UpstreamGroup } from "../upstream/types.ts";
import type { GatewaySettings } from "./settings.ts";
import type { GatewayNode } from "./send/node-pools.ts";

export interface GatewayGroupOptions {
  name: string;
  /** An address to bind, or a listening socket that was passed on. */
  listen: { host: string; port: number } | { fd: number };
  upstream: UpstreamGroup;
  /** In the operator's order. */
  nodes: readonly GatewayNode[];
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  log: Logger;
  metrics: Registry;
  evidence: Ring<EvidenceRecord>;
  settings?: Partial<GatewaySettings>;
  /** File of the replay store; absent: memory only. */
  replayStorePath?: string;
  gatewayVersion: string;
}

export interface GatewayStats {
  /** Requests answered since start. */
  total: number;
  /** Answered with 5xx. */
  failed: number;
  /** Over the last ten seconds. */
  perSecond: number;
  streams: number;
  openSockets: number;
  inFlight: number;
}

/** The listener for validator clients of one group. */
export interface GatewayGroup {
  readonly address: { host: string; port: number };
  stats(): GatewayStats;
  /**
   * Stops accepting, answers what is under way with `Connection: close`, closes event streams one after the other, and
   * resolves when no client is left or two slots have passed.
   */
  drain(): Promise<void>;
  /** Ends at once: sockets are cut, the replay store is written. */
  stop(): Promise<void>;
  /** Replaces the nodes after a config reload; connections to nodes that did not change stay open. */
  reconfigure(nodes: readonly GatewayNode[]): void;
}
