import type { OperatorState, Transition } from "../upstream/types.ts";
import type { ArrivalRecord, EvidenceRecord, FaultLease, GatewayStatus, SequencePage } from "./types.ts";

/** What a gateway shows through its control server. Calls are cheap and synchronous: they read what is in memory. */
export interface ControlProvider {
  status(): GatewayStatus;
  transitions(after: number, limit: number): SequencePage<Transition>;
  evidence(after: number, limit: number): SequencePage<EvidenceRecord>;
  /** When each node told of each block. */
  arrivals(after: number, limit: number): SequencePage<ArrivalRecord>;
  /** Called whenever `status()` may differ; the server bounds how often it reads. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  onTransition(listener: (seq: number, transition: Transition) => void): () => void;
  /**
   * Applies and persists. `draining` begins a drain, which ends in `maintenance` by itself; `isForced` has it take even the
   * last ready node. Throws `AppError` with code `unknown-group` or `unknown-node`.
   */
  setOperatorState(group: string, node: string, state: OperatorState, by: string, isForced?: boolean): void;
  /** Withholds signing inputs of a group until `release`. Applies and persists; holding again replaces the reason. */
  hold(group: string, reason: string, by: string): void;
  /** Throws `AppError` `not-held`: nobody is told that something was released which was not held. */
  release(group: string, by: string): void;
  /** Forgets the source watermark of a group: the next agreed source sets it anew. Throws `AppError` `no-watermark`. */
  resetWatermark(group: string, by: string): void;
  /** In a split: serve the branch whose head has this root. Throws `AppError` `no-split` or `unknown-branch`. */
  chooseBranch(group: string, root: string, by: string): void;
  /** Begins a fault on one node; rejects with `AppError` `faults-not-allowed`, `fault-refused`, or `fault-failed`. */
  startFault(request: FaultRequest): Promise<FaultLease>;
  /** Extends a lease; throws `AppError` `unknown-fault` where it has ended. */
  renewFault(id: string, leaseMs: number): FaultLease;
  /** Ends a fault; ending one that has ended is fine. */
  stopFault(id: string): Promise<void>;
  /** Prometheus text exposition of the gateway process. */
  metrics(): Promise<string>;
  health(): ProcessVerdict;
}

/** A fault that somebody asks for. */
export interface FaultRequest {
  group: string;
  node: string;
  /** A kind of `src/faults`, and its settings. */
  kind: string;
  settings?: Readonly<Record<string, unknown>>;
  /** At most 60,000. */
  leaseMs: number;
  by: string;
  /** Begin even though a guard warns; guards that protect a duty cannot be overruled. */
  isForced?: boolean;
}

/** Is the process itself able to do its work? Beacon nodes being down is not its illness. */
export interface ProcessVerdict {
  isHealthy: boolean;
  detail: string;
}
