import type { BranchChoice, Transition, UpstreamStatus, View } from "../upstream/types.ts";

export const controlVersion = 1;

/** Health of the gateway process itself. */
export interface ProcessHealth {
  pid: number;
  rssBytes: number;
  heapUsedBytes: number;
  /** 99th percentile since the last reading. */
  eventLoopLagMs: number;
  cpuSeconds: number;
  openClientSockets: number;
  inFlightRequests: number;
}

export interface GroupStatus {
  group: string;
  /** Of validator clients; `isTls` where they speak TLS to it. */
  listen: { host: string; port: number; isTls?: boolean };
  view: View;
  nodes: readonly UpstreamStatus[];
  /** Network as agreed by quorum; `undefined` until then. */
  network:
    | {
        configName: string;
        genesisTimeMs: number;
        slotDurationMs: number;
        slotsPerEpoch: number;
        genesisValidatorsRoot: string;
      }
    | undefined;
  /** Served since start, by class of policy; and how many of them failed (5xx made by the gateway). */
  requests: { total: number; failed: number; perSecond: number; streams: number };
  /** Why signing inputs are withheld by a person or a guard; absent while they are not. A gateway one version older sends none of these. */
  hold?: Hold;
  /** No source epoch below this one is served. */
  sourceWatermark?: SourceWatermark;
  /** In a split: what a person can choose from. */
  branches?: readonly BranchChoice[];
  /** The branch that a person chose, until the split has ended. */
  chosenBranch?: { root: string; by: string; at: number };
  drains?: readonly Drain[];
  faults?: readonly FaultLease[];
  tripwire?: { refused: number; last?: TripwireRefusal };
  /** The last time that two clients named the same validator; absent where none has been seen since start. */
  duplicateKey?: DuplicateKey;
  /** Proposals of validators behind this group, next first; what the gateway learnt from answers that passed through. */
  proposals?: readonly { slot: number; validatorIndex: number }[];
}

/** A person's "sign nothing": 503 on signing inputs of a group until it is released. Survives a restart. */
export interface Hold {
  reason: string;
  by: string;
  at: number;
}

export interface SourceWatermark {
  epoch: number;
  at: number;
}

/** A node on its way out of service. */
export interface Drain {
  node: string;
  by: string;
  at: number;
  /** Empty: done, the node may be stopped. */
  waitsFor: readonly DrainWait[];
}

export interface DrainWait {
  kind: "creator-lease" | "proposal" | "in-flight" | "last-ready-node";
  /** For a person: "block of slot 1234, built here, is not published yet". */
  detail: string;
  /** When it ends by itself, if that is known. */
  untilAt: number | undefined;
}

/** A fault that the gateway shows on one of its nodes, in a drill. It ends by itself at `expiresAt` unless renewed. */
export interface FaultLease {
  id: string;
  node: string;
  kind: string;
  by: string;
  startedAt: number;
  expiresAt: number;
}

/** Two clients of a group named one validator index within an epoch: both may hold its key. */
export interface DuplicateKey {
  at: number;
  validatorIndex: number;
  /** Addresses, or the names that tokens gave. */
  clients: readonly string[];
}

/** A message that was not published because two such messages are slashable. */
export interface TripwireRefusal {
  at: number;
  kind: "double-vote" | "double-proposal" | "surround-vote";
  validatorIndex: number | undefined;
  slot: number;
  client: string;
}

export interface GatewayStatus {
  controlVersion: number;
  gateway: string;
  version: string;
  startedAt: number;
  at: number;
  configRevision: string;
  /** Why the newest config file was not taken over; absent while the running config is the newest. */
  configError?: string;
  groups: readonly GroupStatus[];
  process: ProcessHealth;
  lastTransitionSeq: number;
  lastEvidenceSeq: number;
}

/** What one request saw: the material from which causes of lost duties are found. */
export interface EvidenceRecord {
  at: number;
  slot: number | undefined;
  group: string;
  /** Address, or the name that a token gave. */
  client: string;
  requestId: string;
  method: string;
  route: string;
  policy: string;
  status: number;
  durationMs: number;
  /** The node whose answer was served, and the head it was on. */
  node: string | undefined;
  headRoot: string | undefined;
  /** The answer was shared: from memory, from a call of another client, or from this one's call; absent otherwise. */
  shared?: "hit" | "joined" | "led";
  /** Every node that was asked, in order, and what it answered; of a shared answer, those that were asked for it. */
  answers: readonly {
    node: string;
    outcome: string;
    status: number | undefined;
    durationMs: number;
    /** What the node said where it refused, cut. A gateway one version older sends none of this and what follows. */
    words?: string;
  }[];
  /** The slot of attestation data or a block that was asked for. */
  forSlot?: number;
  /** The head that served attestation data names: what its signers vote for. */
  servedHeadRoot?: string;
  /** Why the gateway itself answered with an error. */
  refusal?: { reason: string; detail: string };
  /** What was published, as far as it could be read. */
  published?: PublishedItems;
}

/** Validators and what they published in one request. Bounded: `unlisted` says how many items are missing here. */
export interface PublishedItems {
  kind: "attestation" | "sync-message" | "block" | "subscription";
  votes: readonly PublishedVote[];
  unlisted: number;
  /** Items that reached no node, each with its signer: refused by the gateway or by every node. */
  refused?: readonly { signer: Signer; words: string }[];
}

/** A validator index; `slot/committee/position` in attestations from before Electra. */
export type Signer = number | string;

/** Items of one request that say the same. */
export interface PublishedVote {
  slot: number;
  /** Head of an attestation or sync message; parent of a block; absent in subscriptions. */
  headRoot?: string;
  target?: { epoch: number; root: string };
  signers: readonly Signer[];
}

/** When a node told of a block: by gossip, when it imported it, when it made it its head. */
export interface ArrivalRecord {
  at: number;
  group: string;
  node: string;
  kind: "gossip" | "block" | "head";
  slot: number;
  root: string;
}

/** A page of a ring: `gap` says which sequence numbers fell out before they were read. */
export interface SequencePage<T> {
  items: readonly { seq: number; item: T }[];
  nextAfter: number;
  gap?: { fromSeq: number; toSeq: number };
}

/** A line of `GET /v1/watch` (newline-delimited JSON): a full status at once and after each change, transitions as they happen. */
export type WatchLine =
  { kind: "status"; status: GatewayStatus } | { kind: "transition"; seq: number; transition: Transition };
