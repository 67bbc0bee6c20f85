/** Why a call to a beacon node gave no usable answer. Every upstream reply is hostile until it parsed. */
export type CallFailureKind =
  | "refused"
  | "reset"
  | "unreachable"
  | "timeout"
  | "aborted"
  | "status"
  | "too-large"
  | "not-json"
  | "wrong-shape"
  | "tls";

export interface CallFailure {
  kind: CallFailureKind;
  /** HTTP status where an answer came at all. */
  status?: number;
  /** Names the action and what was wrong: "get syncing status of bn1: connection refused". Never a whole body. */
  message: string;
}

/** Outcome of one call. `latencyMs` runs from dispatch to the last byte. */
export type CallResult<T> =
  | {
      ok: true;
      value: T;
      status: number;
      latencyMs: number;
      finalized?: boolean;
      executionOptimistic?: boolean;
      /** The node's own clock by its `Date` header, whole seconds, ms since the epoch. */
      serverTimeAt?: number;
    }
  | { ok: false; failure: CallFailure; latencyMs: number };
