import type { FaultKind } from "../faults/fault.ts";
import type { DrillReasonCode } from "./reasons.ts";

/** "Show this fault on this node, for so long, and tell me what became of the duties." */
export interface DrillRequest {
  /** As the monitor's config names it. */
  gateway: string;
  group: string;
  node: string;
  kind: FaultKind;
  /** Settings of the kind, as in `src/faults/fault.ts`. */
  settings?: Readonly<Record<string, unknown>>;
  /** How long the fault is shown: 1,000 to 600,000. */
  durationMs: number;
  by: string;
  /** Overrules the guards whose finding says `isSoft`, and no other. */
  isForced?: boolean;
}

/** The last three are final. `recovering`: the fault is lifted, the node is on its way back. */
export type DrillPhase = "guarding" | "starting" | "running" | "recovering" | "done" | "aborted" | "refused";

export function isFinalPhase(phase: DrillPhase): boolean {
  return phase === "done" || phase === "aborted" || phase === "refused";
}

/** Why a drill may not begin, or may not go on. */
export interface DrillFinding {
  reason: DrillReasonCode;
  /** For a person: "n2 is the only other ready node of mainnet". */
  detail: string;
  /** A person who insists (`isForced`) overrules it. */
  isSoft: boolean;
  /** When to try again, ms since the epoch; `undefined` where time alone does not cure it. */
  tryAgainAt: number | undefined;
}

/** What the drill showed, so far or in the end; ms since the epoch or ms long. `undefined`: it has not happened. */
export interface DrillScore {
  /** Fault in effect → the node left `ready`. */
  detectMs: number | undefined;
  detectReason: string | undefined;
  /** First duty request that met the fault → the first good answer to a duty request after that. */
  switchMs: number | undefined;
  /** The longest that one affected duty request took until its good answer. */
  worstMs: number | undefined;
  /** Duty requests of the group while the fault was in effect. */
  dutyRequests: number;
  /** Those of them that asked the node and did not get a good answer from it; they were asked again elsewhere. */
  affected: number;
  /** Those of them that were answered with what the node said just then: harmless for some kinds, a wrong head for others. */
  served: number;
  /** Those of them that the client saw fail: the bar is 0. */
  failed: number;
  /** Those of them that more than one node was asked for: retried, hedged, or sent to all by their policy. */
  retried: number;
  /** Evidence that fell out of the gateway's ring before it was read: the counts above are then too low by at most so many. */
  unseen: number;
  /** Fault lifted → the node was `ready` again. */
  recoverMs: number | undefined;
}

/** A drill as it goes on: what the page and the command line show. */
export interface DrillProgress {
  id: string;
  gateway: string;
  group: string;
  node: string;
  kind: FaultKind;
  by: string;
  phase: DrillPhase;
  askedAt: number;
  /** When the fault was in effect. */
  startedAt: number | undefined;
  /** When the fault will be lifted, if nothing goes wrong. */
  plannedEndAt: number | undefined;
  /** When the fault was lifted. */
  liftedAt: number | undefined;
  endedAt: number | undefined;
  /** Why it was refused, aborted, or is as it is. */
  findings: readonly DrillFinding[];
  /** One sentence for a person: what happens now, or what came out. */
  sentence: string;
  score: DrillScore;
}

/**
 * `passed`: shown to the end, no duty request failed, and the node is back. `failed`: a duty request failed, or the node
 * did not come back in time. `aborted`: ended early, before anything failed.
 */
export type DrillOutcome = "passed" | "failed" | "aborted";

/** One duty request that met the fault: a line of the proof. */
export interface DrillEvidence {
  at: number;
  requestId: string;
  client: string;
  method: string;
  route: string;
  status: number;
  durationMs: number;
  /** Whose answer was served. */
  servedBy: string | undefined;
  /** "n1 reset after 3 ms, n2 200 after 12 ms". */
  answers: string;
}

/** A drill that has ended. Refusals are not kept here: the audit has them. */
export interface DrillRecord {
  id: string;
  gateway: string;
  group: string;
  node: string;
  kind: FaultKind;
  by: string;
  askedAt: number;
  startedAt: number;
  liftedAt: number;
  endedAt: number;
  outcome: DrillOutcome;
  findings: readonly DrillFinding[];
  sentence: string;
  score: DrillScore;
  /** Affected and failed requests, worst first, at most 50. */
  evidence: readonly DrillEvidence[];
}

/** Where drills are asked for, watched and looked up. Lives in the monitor; the command line has one without a store. */
export interface DrillDesk {
  /**
   * Resolves when the guards have looked: with the drill as it begins (`starting`), or as it was refused; the gateway may
   * still refuse it then. Follow it through `onProgress`.
   * Throws `AppError` `unknown-gateway`, `unknown-group`, `unknown-node` or `unknown-drill-kind`.
   */
  start(request: DrillRequest): Promise<DrillProgress>;
  /** Lifts the fault at once; ending one that has ended is fine. Throws `AppError` `unknown-drill`. */
  abort(id: string, by: string): void;
  /** Drills that have not ended, and those that ended within the last minute, newest first. */
  running(): readonly DrillProgress[];
  /** Called at each change, at most a few times a second for each drill. Returns the unsubscribe. */
  onProgress(listener: (progress: DrillProgress) => void): () => void;
  /** Newest first; at most `limit`. */
  past(limit: number): Promise<readonly DrillRecord[]>;
}

/** Where records of drills are kept. Implemented by `store`. */
export interface DrillStore {
  /** Storing one id again replaces it. */
  add(record: DrillRecord): Promise<void>;
  /** Newest first. */
  past(query: { gateway?: string; group?: string; node?: string; limit: number }): Promise<readonly DrillRecord[]>;
}
