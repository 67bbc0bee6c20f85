import type { Transition } from "../upstream/types.ts";
import type { GatewayStatus } from "./types.ts";

/** A gateway as the monitor last saw it. The status is as old as `lastContactAt`; unreachable means unknown, never green. */
export interface ObservedGateway {
  name: string;
  isReachable: boolean;
  lastContactAt: number | undefined;
  error: string | undefined;
  status: GatewayStatus | undefined;
}

/** One sample of a gateway's group for charts. */
export interface HistorySample {
  at: number;
  gateway: string;
  group: string;
  readyNodes: number;
  totalNodes: number;
  requestsPerSecond: number;
  /** Since the gateway started. */
  failedRequests: number;
  headLagSlots: number | undefined;
  finalityDistanceEpochs: number | undefined;
}

/** What a ring lost before it was read. `count` 0 means that nobody knows how many. */
export interface LostSpan {
  gateway: string;
  stream: "transitions" | "evidence";
  fromAt: number;
  toAt: number;
  count: number;
}

/** How far a stream of one gateway process was read: a gateway that restarts begins a new ring, told by `startedAt`. */
export interface RingCursor {
  startedAt: number;
  after: number;
  /** When it was last read: what is lost later was written after this. */
  readAt: number;
}

export interface JournaledTransition extends Transition {
  id: number;
  gateway: string;
}

export interface TransitionQuery {
  gateway?: string;
  group?: string;
  node?: string;
  /** Only ids below this one. */
  before?: number;
  limit: number;
}

/** Where the monitor keeps what gateways told. Implemented by `store`. */
export interface GatewayJournal {
  cursor(gateway: string, stream: LostSpan["stream"]): Promise<RingCursor | undefined>;
  /** One transaction: the items, the gap and the cursor. Items stored before are left out, so a repeat is harmless. */
  append(batch: {
    gateway: string;
    items: readonly { seq: number; item: Transition }[];
    lost?: LostSpan;
    cursor: RingCursor;
  }): Promise<readonly JournaledTransition[]>;
  /** Moves the evidence cursor and records what was lost, in one transaction. */
  skipEvidence(gateway: string, cursor: RingCursor, lost?: LostSpan): Promise<void>;
  /** Newest first. */
  transitions(query: TransitionQuery): Promise<readonly JournaledTransition[]>;
  /** Lost spans that touch the time from `fromAt` to `toAt`, newest first, at most 200. */
  lostSpans(fromAt: number, toAt: number): Promise<readonly LostSpan[]>;
}

export interface HistoryStore {
  addSamples(samples: readonly HistorySample[]): Promise<void>;
  /** Oldest first, from `fromAt` on. */
  samples(fromAt: number): Promise<readonly HistorySample[]>;
  /** Deletes samples and transitions older than these instants; returns how many rows went. */
  expire(samplesBefore: number, transitionsBefore: number): Promise<number>;
}
