import type { AccessDesk } from "../access/access-desk.ts";
import type { AccessPolicy } from "../access/judge-request.ts";
import type { SetupDesk } from "../access/setup-desk.ts";
import type { AuditLog } from "../access/audit.ts";
import type { DrillDesk } from "../drills/types.ts";
import type { OperatorState } from "../upstream/types.ts";
import type { RespondPorts } from "./ports-respond.ts";
import type { DutyPorts } from "./ports-duties.ts";
import type { SignalPorts } from "./routes-signals.ts";
import type { DrillKind, HistoryPage, ReasonEntry, Snapshot, StoredTransition, TransitionsPage } from "./contract.ts";

/** What the API shows and does; `app` joins it to the monitor. */
export interface ApiPorts {
  snapshot(): Snapshot;
  /** Called when `snapshot()` may differ; the stream bounds how often it reads. Returns the unsubscribe. */
  onSnapshot(listener: () => void): () => void;
  onTransition(listener: (transition: StoredTransition) => void): () => void;
  transitions(query: TransitionsQuery): Promise<TransitionsPage>;
  history(fromAt: number): Promise<HistoryPage>;
  reasons: readonly ReasonEntry[];
  /** `undefined` where no gateway has this name. */
  gateway(name: string): GatewayHand | undefined;
  duties: DutyPorts;
  signals: SignalPorts;
  respond: RespondPorts;
  drills: DrillDesk;
  drillKinds: readonly DrillKind[];
  audit: Pick<AuditLog, "append">;
  access: AccessPolicy;
  /** Users, their sessions, and named API tokens. */
  people: AccessDesk;
  /** How the first admin comes to be. */
  setup: Pick<SetupDesk, "redeem">;
  /** Prometheus text exposition of the monitor. */
  metrics(): Promise<string>;
  health(): { isHealthy: boolean; detail: string };
}

/** What may be done to one gateway. Every call throws `AppError` as `ControlClient` does. */
export interface GatewayHand {
  setOperatorState(group: string, node: string, state: OperatorState, by: string): Promise<void>;
  /** `isForced` takes even the last ready node, and waits for no proposal. */
  drain(group: string, node: string, by: string, isForced: boolean): Promise<void>;
  hold(group: string, reason: string, by: string): Promise<void>;
  release(group: string, by: string): Promise<void>;
  resetWatermark(group: string, by: string): Promise<void>;
  chooseBranch(group: string, root: string, by: string): Promise<void>;
}

export interface TransitionsQuery {
  gateway?: string;
  group?: string;
  node?: string;
  before?: number;
  limit: number;
}
