import type { CallFailure } from "../beacon/call-result.ts";
import type { FinalityCheckpoints, SyncingStatus } from "../beacon/routes.ts";
import type { BlockRef, ChainSpec, Genesis } from "../chain/types.ts";
import type { ForkEntry } from "./facts.ts";
import { emptyAncestry, type Ancestry } from "./ancestry.ts";
import type { AgreedNetwork } from "./network-check.ts";
import type { UpstreamReasonCode } from "./reasons.ts";
import type { ChosenBranch } from "./branch-choice.ts";
import type { SplitMemory } from "./split-memory.ts";
import type {
  BranchChoice,
  ExpectedNetwork,
  Health,
  OperatorState,
  UpstreamGroupConfig,
  UpstreamNodeConfig,
  View,
} from "./types.ts";

export interface Verdict {
  health: Health;
  reason: UpstreamReasonCode;
  detail: string;
}

export interface Warning {
  reason: UpstreamReasonCode;
  detail: string;
}

export interface NodeHead extends BlockRef {
  isOptimistic: boolean | undefined;
  /** When this root was first heard of from this node. */
  seenAt: number;
}

/** What is known of one node (facts), and what was judged of it. Never changed in place. */
export interface NodeState {
  config: UpstreamNodeConfig;
  operator: OperatorState;

  syncing: SyncingStatus | undefined;
  head: NodeHead | undefined;
  finality: FinalityCheckpoints | undefined;
  /** Epoch of the head when `finality` was asked for. */
  finalityAtEpoch: number | undefined;
  finalityAskedAt: number | undefined;
  peers: number | undefined;
  zeroPeersSince: number | undefined;
  /** The most peers seen, forgotten slowly: what is usual for this node. */
  usualPeers: number;
  version: string | undefined;
  executionClient: string | undefined;
  genesis: Genesis | undefined;
  spec: ChainSpec | undefined;
  forks: readonly ForkEntry[] | undefined;
  /** Why genesis or spec could not be read. */
  networkProblem: string | undefined;
  /** The node's clock minus ours, ms, by its `Date` header. */
  clockOffsetMs: number | undefined;

  isStreamOpen: boolean;
  streamHeadSlot: number | undefined;
  /** Since when the node's own head has been ahead of its open stream. */
  streamLagsSince: number | undefined;

  /** The last event that could not be read. */
  garbage: { detail: string; at: number } | undefined;

  /** Of the last answered `node/syncing` probe, and smoothed over the last minute or so. */
  latencyMs: number | undefined;
  meanLatencyMs: number | undefined;
  latencyBucket: number;
  lastSeenAt: number | undefined;
  /** Failed `node/syncing` probes in a row, and the last of them. */
  failures: number;
  failure: CallFailure | undefined;
  /** A reason to doubt the node, until a probe asked after `at` answers. */
  suspicion: { reason: UpstreamReasonCode; detail: string; at: number } | undefined;
  /** When cheap calls failed lately, newest last, at most eight. */
  callTroubleAt: readonly number[];
  headDelays: readonly number[];
  behindSince: number | undefined;
  /** Since when no other node has corroborated its head. */
  aloneSince: number | undefined;

  /** The node has been down since it last served: stored state must be replayed to it. */
  needsGate: boolean;
  /** Added while the group serves: it is replayed to first, and then preferred as its priority says. */
  isJoining: boolean;
  /** Since when it has been ready without a break longer than a slot; `undefined` for those ready from the start. */
  readmittedAt: number | undefined;
  unreadySince: number | undefined;

  verdict: Verdict;
  sinceAt: number;
  warnings: readonly Warning[];
  isOnView: boolean;
  headLagSlots: number | undefined;
}

/** Everything the judge remembers of a group. */
export interface GroupState {
  name: string;
  expected: ExpectedNetwork;
  startedAt: number;
  nodes: readonly NodeState[];
  ancestry: Ancestry;
  network: AgreedNetwork | undefined;
  /** When a head root was first heard of from any node: for head delays. Bounded. */
  firstSeen: readonly { root: string; at: number }[];
  /** Lag of live heads that every node shares, and since when. */
  sharedLag: { slots: number; sinceAt: number } | undefined;
  hasServed: boolean;
  /** Set from when a split is seen until it has ended. */
  split: SplitMemory | undefined;
  choice: ChosenBranch | undefined;
  /** What a person can choose from; empty while there is no split. */
  choices: readonly BranchChoice[];
  view: View;
}

export function newNode(config: UpstreamNodeConfig, operator: OperatorState, now: number): NodeState {
  return {
    config,
    operator,
    syncing: undefined,
    head: undefined,
    finality: undefined,
    finalityAtEpoch: undefined,
    finalityAskedAt: undefined,
    peers: undefined,
    zeroPeersSince: undefined,
    usualPeers: 0,
    version: undefined,
    executionClient: undefined,
    genesis: undefined,
    spec: undefined,
    forks: undefined,
    networkProblem: undefined,
    clockOffsetMs: undefined,
    isStreamOpen: false,
    streamHeadSlot: undefined,
    streamLagsSince: undefined,
    garbage: undefined,
    latencyMs: undefined,
    meanLatencyMs: undefined,
    latencyBucket: 0,
    lastSeenAt: undefined,
    failures: 0,
    failure: undefined,
    suspicion: undefined,
    callTroubleAt: [],
    headDelays: [],
    behindSince: undefined,
    aloneSince: undefined,
    needsGate: false,
    isJoining: false,
    readmittedAt: undefined,
    unreadySince: undefined,
    verdict: { health: "unknown", reason: "not-probed-yet", detail: "" },
    sinceAt: now,
    warnings: [],
    isOnView: false,
    headLagSlots: undefined,
  };
}

export function newGroup(
  config: UpstreamGroupConfig,
  operators: Readonly<Record<string, OperatorState>>,
  now: number,
): GroupState {
  return {
    name: config.name,
    expected: config.network,
    startedAt: now,
    nodes: config.nodes.map((node) => newNode(node, operators[node.name] ?? "active", now)),
    ancestry: emptyAncestry,
    network: undefined,
    firstSeen: [],
    sharedLag: undefined,
    hasServed: false,
    split: undefined,
    choice: undefined,
    choices: [],
    view: {
      generation: 0,
      kind: "none",
      head: undefined,
      justified: undefined,
      finalized: undefined,
      ready: [],
      fallback: [],
      signingInputs: [],
      reason: "not-probed-yet",
      changedAt: now,
    },
  };
}

/** The state with one node replaced. */
export function withNode(state: GroupState, node: NodeState): GroupState {
  return { ...state, nodes: state.nodes.map((each) => (each.config.name === node.config.name ? node : each)) };
}
