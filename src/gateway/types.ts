import type { Registry } from "prom-client";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Ring } from "../lib/ring.ts";
import type { DrainWait, EvidenceRecord, GroupStatus } from "../control/types.ts";
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
  readonly safety: GroupSafety;
  readonly calendar: DutyCalendar;
  /** Sends a node's traffic to another address and cuts its connections, for a drill; `undefined` ends it. */
  repoint(node: string, url: string | undefined): void;
}

/** What keeps a group from serving or publishing something that could be slashable. */
export interface GroupSafety {
  hold(reason: string, by: string): void;
  release(by: string): void;
  resetWatermark(by: string): void;
  status(): Required<Pick<GroupStatus, "tripwire">> & Pick<GroupStatus, "hold" | "sourceWatermark">;
}

/** What the gateway learnt of coming duties from the answers and preparations that passed through. */
export interface DutyCalendar {
  /** Proposals of validators behind this group from now on, next first. */
  proposals(): readonly { slot: number; validatorIndex: number }[];
  /** Why this node should not be taken away now; empty: it may be. */
  drainWaits(node: string): readonly DrainWait[];
}
