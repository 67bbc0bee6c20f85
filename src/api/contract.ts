import type { HistorySample, ObservedGateway } from "../control/observed-gateway.ts";
import type { Transition } from "../upstream/types.ts";

/**
 * What the browser and scripts get. The web app imports these types and nothing else of `src`.
 *
 *   GET  /api/v1/snapshot                     Snapshot
 *   GET  /api/v1/stream                       server-sent events: `snapshot` (Snapshot, at once and on change), `transition` (StoredTransition)
 *   GET  /api/v1/transitions?node=&group=&before=&limit=   TransitionsPage, newest first
 *   GET  /api/v1/history?minutes=60           HistoryPage
 *   GET  /api/v1/reasons                      ReasonEntry[]
 *   POST /api/v1/nodes/{gateway}/{group}/{node}/cordon | /uncordon     bearer token; MutationAnswer
 *   GET  /metrics, /healthz, /api/v1/openapi.json
 * Errors are `ErrorAnswer` with a fitting status.
 */
export interface Snapshot {
  at: number;
  version: string;
  profile: "solo" | "scaled";
  state: StateSentence;
  gateways: readonly GatewayView[];
  /** Where the monitor itself observes nodes because no gateway does. */
  observers: readonly GatewayView[];
}

/** The one sentence that the page opens with. `unknown` is never shown as fine. */
export interface StateSentence {
  level: "fine" | "warning" | "bad" | "unknown";
  sentence: string;
  /** What to do next, or "" where there is nothing to do. */
  next: string;
  sinceAt: number;
}

/** A gateway as the monitor last heard of it; the status is as old as `lastContactAt`. */
export type GatewayView = ObservedGateway;

export interface StoredTransition extends Transition {
  id: number;
  gateway: string;
}

export interface TransitionsPage {
  items: readonly StoredTransition[];
  /** Pass as `before` for the next page; absent at the end. */
  nextBefore?: number;
  /** Spans that were lost before the monitor could read them. */
  gaps: readonly { gateway: string; fromAt: number; toAt: number; count: number }[];
}

/** One sample of a gateway's group, taken every few seconds. */
export type HistoryPoint = HistorySample;

export interface HistoryPage {
  points: readonly HistoryPoint[];
}

export interface ReasonEntry {
  area: string;
  code: string;
  short: string;
  long: string;
}

export interface MutationAnswer {
  auditId: number;
  done: string;
}

export interface ErrorAnswer {
  error: { code: string; message: string };
}
