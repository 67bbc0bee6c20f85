import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../lib/clock.ts";
import type { LightState } from "../chain/light-state.ts";
import type { SimBlock, SimChain } from "../chain/types.ts";
import type { BlockTypes } from "../../beacon/ssz/block-types.ts";
import type { ForkName } from "../../chain/types.ts";
import type { Preset } from "../preset.ts";

/** What the node believes and says of itself; faults change it. */
export interface NodeView {
  branch: string;
  /** Blocks after this slot have not reached the node. */
  headSlotLimit: number;
  /** By how much the node's clock is ahead; negative when it is behind. */
  clockOffsetMs: number;
  /** `honest`: syncing when the head is more than an epoch behind the node's clock. */
  syncClaim: "honest" | "synced" | "syncing";
  isOptimistic: boolean;
  elOffline: boolean;
  peers: number;
  /** Finality stands still at this. */
  frozenFinality: LightState | undefined;
  /** Another network's name changes genesis root and fork versions. */
  network: string | undefined;
  events: "open" | "refused" | "garbage" | "silent";
  /** An older client's answer of `node/syncing` lacks fields. */
  hasOldSyncingAnswer: boolean;
}

/** The view made concrete at one instant. */
export interface Sight {
  view: NodeView;
  slotsPerEpoch: number;
  /** By the node's own clock; negative before genesis. */
  slot: number;
  head: SimBlock;
  /** The head's state carried on to the node's slot. */
  state: LightState;
  isSyncing: boolean;
  syncDistance: number;
}

export interface ReceivedRequest {
  seq: number;
  /** By the clock of the simulation. */
  at: number;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The parsed body where its content type is JSON and it parses. */
  json: unknown;
  /** Of the answer; 0 while there is none (a hanging request). */
  status: number;
}

/** What route families share of one node. */
export interface NodeContext {
  name: string;
  version: string;
  chain: SimChain;
  preset: Preset;
  blockTypes: (fork: ForkName) => BlockTypes;
  clock: Clock;
  sight(): Sight;
  /** Fee recipients by validator index, as `prepare_beacon_proposer` told; forgotten by `restart`. */
  preparations: Map<number, string>;
  /** Attestation data roots and bits are made up from these: the share of a committee that this node hears by gossip. */
  gossipShare: number;
  emit(topic: string, data: unknown): void;
  quirks: SimNodeQuirks;
}

/** How a node's Beacon API differs from a full and right one. */
export interface SimNodeQuirks {
  hasRewards: boolean;
  /** `POST` of `states/{id}/validators` and `validator_balances`. */
  hasPostValidators: boolean;
  hasIdentities: boolean;
  hasSsz: boolean;
  /** `index` and `slot` of `committees` are exchanged and slots count within the epoch, as in Lodestar 1.5.1. */
  swapsCommitteeFields: boolean;
  /** States that are so many epochs older than the head are 404. Default: none. */
  keptStateEpochs: number;
  /** Rows of ideal rewards: of every effective balance there can be (as Lighthouse), or of those asked for. */
  idealRewards: "all" | "asked";
}

export const honestQuirks: SimNodeQuirks = {
  hasRewards: true,
  hasPostValidators: true,
  hasIdentities: true,
  hasSsz: true,
  swapsCommitteeFields: false,
  keptStateEpochs: Infinity,
  idealRewards: "all",
};

/** One request as a route sees it. */
export interface RouteCall {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: unknown;
  node: NodeContext;
  sight: Sight;
}

export interface Reply {
  status: number;
  json?: unknown;
  /** The bytes of the `data` that `json` lacks: long lists are written in pieces, or kept ready. */
  rawData?: readonly Buffer[];
  /** What would be `json.data`, made only for a client that wants JSON. */
  dataLater?: () => unknown;
  /** Offered when the client prefers `application/octet-stream`, and made only then. */
  ssz?: () => Uint8Array;
  headers?: Readonly<Record<string, string>>;
}

export interface SimRoute {
  method: "GET" | "POST" | "DELETE";
  /** `/eth/v1/beacon/headers/{block_id}`. */
  path: string;
  /** A node without it answers as one that does not know the route (404) or method (405). */
  needs?: "hasRewards" | "hasPostValidators" | "hasIdentities";
  handle: (call: RouteCall) => Reply;
}
