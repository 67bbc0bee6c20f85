import type { Transition, UpstreamStatus, View } from "../upstream/types.ts";

export const controlVersion = 1;

/** Health of the gateway process itself. */
export interface ProcessHealth {
  pid: number;
  rssBytes: number;
  heapUsedBytes: number;
  /** 99th percentile since the last reading. */
  eventLoopLagMs: number;
  cpuSeconds: number;
  openClientSockets: number;
  inFlightRequests: number;
}

export interface GroupStatus {
  group: string;
  listen: { host: string; port: number };
  view: View;
  nodes: readonly UpstreamStatus[];
  /** Network as agreed by quorum; `undefined` until then. */
  network:
    | {
        configName: string;
        genesisTimeMs: number;
        slotDurationMs: number;
        slotsPerEpoch: number;
        genesisValidatorsRoot: string;
      }
    | undefined;
  /** Served since start, by class of policy; and how many of them failed (5xx made by the gateway). */
  requests: { total: number; failed: number; perSecond: number; streams: number };
}

export interface GatewayStatus {
  controlVersion: number;
  gateway: string;
  version: string;
  startedAt: number;
  at: number;
  configRevision: string;
  /** Why the newest config file was not taken over; absent while the running config is the newest. */
  configError?: string;
  groups: readonly GroupStatus[];
  process: ProcessHealth;
  lastTransitionSeq: number;
  lastEvidenceSeq: number;
}

/** What one request saw: the material from which causes of lost duties are found. */
export interface EvidenceRecord {
  at: number;
  slot: number | undefined;
  group: string;
  /** Address, or the name that a token gave. */
  client: string;
  requestId: string;
  method: string;
  route: string;
  policy: string;
  status: number;
  durationMs: number;
  /** The node whose answer was served, and the head it was on. */
  node: string | undefined;
  headRoot: string | undefined;
  /** Every node that was asked, in order, and what it answered. */
  answers: readonly { node: string; outcome: string; status: number | undefined; durationMs: number }[];
}

/** A page of a ring: `gap` says which sequence numbers fell out before they were read. */
export interface SequencePage<T> {
  items: readonly { seq: number; item: T }[];
  nextAfter: number;
  gap?: { fromSeq: number; toSeq: number };
}

/** A line of `GET /v1/watch` (newline-delimited JSON): a full status at once and after each change, transitions as they happen. */
export type WatchLine =
  { kind: "status"; status: GatewayStatus } | { kind: "transition"; seq: number; transition: Transition };
