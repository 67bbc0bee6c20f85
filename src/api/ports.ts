import type { AccessPolicy } from "../access/judge-request.ts";
import type { AuditLog } from "../access/audit.ts";
import type { OperatorState } from "../upstream/types.ts";
import type { HistoryPage, ReasonEntry, Snapshot, StoredTransition, TransitionsPage } from "./contract.ts";

/** What the API shows and does; `app` joins it to the monitor. */
export interface ApiPorts {
  snapshot(): Snapshot;
  /** Called when `snapshot()` may differ; the stream bounds how often it reads. Returns the unsubscribe. */
  onSnapshot(listener: () => void): () => void;
  onTransition(listener: (transition: StoredTransition) => void): () => void;
  transitions(query: TransitionsQuery): Promise<TransitionsPage>;
  history(fromAt: number): Promise<HistoryPage>;
  reasons: readonly ReasonEntry[];
  /** Throws `AppError`: `unknown-gateway`, `control-refused`, `control-unreachable`. */
  setOperatorState(gateway: string, group: string, node: string, state: OperatorState, by: string): Promise<void>;
  audit: Pick<AuditLog, "append">;
  access: AccessPolicy;
  /** Prometheus text exposition of the monitor. */
  metrics(): Promise<string>;
  health(): { isHealthy: boolean; detail: string };
}

export interface TransitionsQuery {
  gateway?: string;
  group?: string;
  node?: string;
  before?: number;
  limit: number;
}
