import type { Socket } from "node:net";
import type { Registry } from "prom-client";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Ring } from "../lib/ring.ts";
import type { DrainWait, EvidenceRecord, GroupStatus } from "../control/types.ts";
import type { UpstreamGroup } from "../upstream/types.ts";
import type { ClientRules } from "./clients/client-book.ts";
import type { TlsTexts } from "./http/tls.ts";
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
  /** Absent: plain HTTP. */
  tls?: TlsTexts;
  /** File of the replay store; absent: memory only. */
  replayStorePath?: string;
  /** File of hold and source watermark; absent: memory only. */
  safetyStatePath?: string;
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
  readonly handover: GroupHandover;
  /** Replaces the nodes after a config reload; connections to nodes that did not change stay open. */
  reconfigure(nodes: readonly GatewayNode[]): void;
  /** Takes over other clients, lists and certificates; every connection stays open. Throws on certificates that are none. */
  reload(rules: ClientRules, tls?: TlsTexts): void;
  readonly safety: GroupSafety;
  readonly calendar: DutyCalendar;
  /** Sends a node's traffic to another address and cuts its connections, for a drill; `undefined` ends it. */
  repoint(node: string, url: string | undefined): void;
}

/** How the process that serves a group gives it to another one that listens on the same socket. */
export interface GroupHandover {
  /** Writes what the other process will read. From then on its file is left alone: what is told later goes to a file beside it. */
  giveUp(): Promise<void>;
  /** The other process did not come to serve. */
  resume(): void;
  /** For `drain`: idle connections go to `pass` after their slot instead of being cut. It closes what it cannot pass on. */
  passIdle(pass: (socket: Socket) => void): void;
  /** Serves a connection that another process has accepted, with nothing read of its next request. */
  adopt(socket: Socket): void;
  /** Takes in what the other process was told between giving up and its end. */
  takeLeftovers(): Promise<void>;
}

/** What keeps a group from serving or publishing something that could be slashable. */
export interface GroupSafety {
  hold(reason: string, by: string): void;
  /** Throws `AppError` `not-held`. */
  release(by: string): void;
  /** Throws `AppError` `no-watermark`. */
  resetWatermark(by: string): void;
  status(): Required<Pick<GroupStatus, "tripwire">> & Pick<GroupStatus, "hold" | "sourceWatermark" | "duplicateKey">;
}

/** What the gateway learnt of coming duties from the answers and preparations that passed through. */
export interface DutyCalendar {
  /** Proposals of validators behind this group from now on, next first. */
  proposals(): readonly { slot: number; validatorIndex: number }[];
  /** Why this node should not be taken away now; empty: it may be. */
  drainWaits(node: string): readonly DrainWait[];
}
