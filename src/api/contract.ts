import type { HistorySample, ObservedGateway } from "../control/observed-gateway.ts";
import type { DrillProgress, DrillRecord, DrillRequest } from "../drills/types.ts";
import type { Transition } from "../upstream/types.ts";

/**
 * What the browser and scripts get. The web app imports these types and nothing else of `src`.
 *
 *   GET  /api/v1/snapshot                     Snapshot
 *   GET  /api/v1/stream                       server-sent events: `snapshot` (Snapshot, at once and on change), `duties` (DutiesNow), `transition` (StoredTransition)
 *   GET  /api/v1/transitions?node=&group=&before=&limit=   TransitionsPage, newest first
 *   GET  /api/v1/history?minutes=60           HistoryPage
 *   GET  /api/v1/reasons                      ReasonEntry[]
 *   POST /api/v1/nodes/{gateway}/{group}/{node}/cordon | /uncordon | /drain | /return
 *   POST /api/v1/groups/{gateway}/{group}/hold                HoldBody
 *   POST /api/v1/groups/{gateway}/{group}/release | /watermark/reset
 *   POST /api/v1/groups/{gateway}/{group}/branch              BranchBody
 *   GET  /api/v1/drills?limit=                DrillsPage, newest first
 *   POST /api/v1/drills                       StartDrillBody; StartDrillAnswer, or DrillRefusal with 409
 *   POST /api/v1/drills/{id}/abort
 *   Duties, validators and agreements: see `contract-duties.ts`; machines and logs: `contract-signals.ts`;
 *   login, users and tokens: `contract-access.ts`
 *   GET  /metrics, /healthz, /api/v1/openapi.json
 * Each POST needs the bearer token, leaves two audit records and, unless said otherwise, answers MutationAnswer.
 * Errors are `ErrorAnswer` with a fitting status: 404 with the names that exist, 409 where the gateway refused, 502 where
 * it cannot be reached.
 */
export interface Snapshot {
  at: number;
  version: string;
  profile: "solo" | "scaled";
  state: StateSentence;
  gateways: readonly GatewayView[];
  /** Where the monitor itself observes nodes because no gateway does. */
  observers: readonly GatewayView[];
  /** Drills that have not ended, and those that ended within the last minute, newest first. */
  drills: readonly DrillProgress[];
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

/** Withhold signing inputs of a group; the reason stands on the page until somebody releases it. */
export interface HoldBody {
  reason: string;
}

/** In a split: serve the branch whose head has this root. */
export interface BranchBody {
  root: string;
}

/** Who asks is known from the token. `durationMs` is 30,000 unless given. */
export type StartDrillBody = Omit<DrillRequest, "by" | "durationMs"> & { durationMs?: number };

export interface StartDrillAnswer extends MutationAnswer {
  drill: DrillProgress;
}

/** The guards' answer: `drill.findings` says why not, and which of it a person may overrule. */
export interface DrillRefusal extends ErrorAnswer {
  drill: DrillProgress;
}

export interface DrillsPage {
  running: readonly DrillProgress[];
  past: readonly DrillRecord[];
  /** What may be drilled, in words. */
  kinds: readonly DrillKind[];
}

export interface DrillKind {
  kind: string;
  short: string;
  long: string;
}
