import type { OperatorState, Transition } from "../upstream/types.ts";
import type { EvidenceRecord, GatewayStatus, SequencePage } from "./types.ts";

/** What a gateway shows through its control server. Calls are cheap and synchronous: they read what is in memory. */
export interface ControlProvider {
  status(): GatewayStatus;
  transitions(after: number, limit: number): SequencePage<Transition>;
  evidence(after: number, limit: number): SequencePage<EvidenceRecord>;
  /** Called whenever `status()` may differ; the server bounds how often it reads. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  onTransition(listener: (seq: number, transition: Transition) => void): () => void;
  /** Applies and persists. Throws `AppError` with code `unknown-group` or `unknown-node`. */
  setOperatorState(group: string, node: string, state: OperatorState, by: string): void;
  /** Prometheus text exposition of the gateway process. */
  metrics(): Promise<string>;
  health(): ProcessVerdict;
}

/** Is the process itself able to do its work? Beacon nodes being down is not its illness. */
export interface ProcessVerdict {
  isHealthy: boolean;
  detail: string;
}
