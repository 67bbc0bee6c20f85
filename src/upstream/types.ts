import type { BlockRef, ChainSpec, Checkpoint, Genesis } from "../chain/types.ts";
import type { UpstreamReasonCode } from "./reasons.ts";

export type Health = "unknown" | "syncing" | "warming" | "ready" | "suspect" | "down";
export type OperatorState = "active" | "cordoned" | "draining" | "maintenance";

/** Everything that is known of one beacon node as seen by one observer. `undefined` is unknown, and unknown is not green. */
export interface UpstreamStatus {
  node: string;
  url: string;
  group: string;
  priority: number;
  health: Health;
  reason: UpstreamReasonCode;
  /** Free text that goes with the reason: "head 14 slots behind", "HTTP 200 with text/html". */
  detail: string;
  /** When `health` last changed, ms since the epoch. */
  sinceAt: number;
  operator: OperatorState;
  head: BlockRef | undefined;
  /** Slots between the wall clock and the head. */
  headLagSlots: number | undefined;
  justified: Checkpoint | undefined;
  finalized: Checkpoint | undefined;
  isSyncing: boolean | undefined;
  isOptimistic: boolean | undefined;
  elOffline: boolean | undefined;
  syncDistance: number | undefined;
  peers: number | undefined;
  /** Raw `node/version` string. */
  version: string | undefined;
  /** Consensus and execution client: "lodestar/geth"; parts that are unknown read "unknown". */
  clientFamily: string;
  /** Of the last answered `node/syncing` probe. */
  latencyMs: number | undefined;
  /** Is its event stream open? */
  isStreamOpen: boolean;
  /** Mean milliseconds after the first node at which this node reported a head, over the last 32 heads. */
  headDelayMs: number | undefined;
  /** The node's clock minus ours by its `Date` header, ms, to about half a second; absent while it sent none. */
  clockOffsetMs?: number;
  /** When the node last answered anything. */
  lastSeenAt: number | undefined;
  /** Warnings that do not evict: a future fork that differs, a clock offset. */
  warnings: readonly { reason: UpstreamReasonCode; detail: string }[];
  labels: Readonly<Record<string, string>>;
}

/** The branch that a group serves. A new generation is made whenever any other field changes. */
export interface View {
  generation: number;
  kind: "none" | "serving" | "degraded" | "split";
  head: BlockRef | undefined;
  justified: Checkpoint | undefined;
  finalized: Checkpoint | undefined;
  /** Ready nodes on the branch, best first (priority, stability, latency). */
  ready: readonly string[];
  /** With nobody ready: the least bad nodes for reads, best first. */
  fallback: readonly string[];
  /** Nodes that are not optimistic and at most 8 slots behind: these may serve signing inputs. */
  signingInputs: readonly string[];
  /** Why `kind` is not "serving"; `branch-chosen` while it is, in a split that a person has decided. */
  reason: UpstreamReasonCode | undefined;
  changedAt: number;
}

/** One side of a split. `root` names it: the root of its head. */
export interface BranchChoice {
  root: string;
  slot: number;
  nodes: readonly string[];
  /** The smaller of its distinct consensus clients and distinct execution clients. */
  support: number;
  justifiedEpoch: number | undefined;
  finalizedEpoch: number | undefined;
}

/** One change of health, operator state or view, for the ring that the monitor reads. */
export interface Transition {
  at: number;
  group: string;
  /** Absent for a change of the group's view. */
  node?: string;
  kind: "health" | "operator" | "view" | "warning";
  from: string;
  to: string;
  reason: UpstreamReasonCode;
  detail: string;
}

/** The network that a group serves, agreed by quorum, never by the first to answer. */
export interface Network {
  spec: ChainSpec;
  genesis: Genesis;
}

/** What a proxied call told about a node; reported by the gateway after each attempt. */
export interface CallObservation {
  node: string;
  /** Cheap routes only: these may condemn a node that hangs. */
  isCheap: boolean;
  outcome: "answered" | "refused" | "reset" | "unreachable" | "timeout" | "status-5xx" | "not-ready" | "garbage";
  latencyMs: number;
  detail: string;
}

/** An event as one node sent it; `data` is the untouched JSON text of the event. */
export interface NodeEvent {
  node: string;
  topic: string;
  data: string;
  receivedAt: number;
}

/** The one health truth about the beacon nodes of a group. Created by `startUpstreamGroup`; never throws once started. */
export interface UpstreamGroup {
  readonly name: string;
  view(): View;
  status(node: string): UpstreamStatus | undefined;
  statuses(): readonly UpstreamStatus[];
  network(): Network | undefined;
  report(observation: CallObservation): void;
  /** Asks for an out-of-turn probe of a node (a hung call, say). Cheap to call often: probes are not stacked. */
  suspect(node: string, detail: string): void;
  setOperatorState(node: string, state: OperatorState, by: string): void;
  /** In a split: the branches that a person can choose from; empty otherwise. */
  branches(): readonly BranchChoice[];
  /** Serves the branch whose head has this root until the split has ended. Throws `AppError` `no-split` or `unknown-branch`. */
  chooseBranch(root: string, by: string): void;
  chosenBranch(): { root: string; by: string; at: number } | undefined;
  /** Sees a node through another address, for a drill; `undefined` ends it. What is known of the node stays. */
  repoint(node: string, url: string | undefined): void;
  onTransition(listener: (transition: Transition) => void): () => void;
  onView(listener: (view: View, previous: View) => void): () => void;
  onEvent(listener: (event: NodeEvent) => void): () => void;
  /**
   * Called when a node is about to return from `down`; readmission waits for it (state is replayed there). At most one
   * gate; bounded by the caller's own deadline of one second. A rejected or late gate is logged and does not block.
   */
  setReadmissionGate(gate: (node: string, signal: AbortSignal) => Promise<void>): void;
  /** Replaces nodes and settings after a config reload; nodes that did not change keep their state. */
  reconfigure(group: UpstreamGroupConfig): void;
  stop(): Promise<void>;
}

/** Which network is expected: the roots of a known one, or whatever a quorum of the nodes agrees on. */
export type ExpectedNetwork =
  { kind: "auto" } | { kind: "known"; name: string; genesisValidatorsRoot: string; genesisForkVersion?: string };

export interface UpstreamNodeConfig {
  name: string;
  url: string;
  priority: number;
  executionClient?: string;
  client?: string;
  labels: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
}

export interface UpstreamGroupConfig {
  name: string;
  network: ExpectedNetwork;
  nodes: readonly UpstreamNodeConfig[];
}
