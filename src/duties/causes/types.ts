import type { PublishedItems, Signer } from "../../control/types.ts";
import type { Checkpoint, ChainSpec, Genesis } from "../../chain/types.ts";
import type { LostContext, LostDuty } from "../judge/lost-duty.ts";
import type { CauseFinding } from "../types.ts";

/** Everything known about some slots, indexed for lookup. What is not here is not known: never taken for "did not happen". */
export interface CauseRecord {
  network: { spec: ChainSpec; genesis: Pick<Genesis, "genesisTimeMs"> };
  /** What the chain tells of the epoch. */
  chain: LostContext;
  validators: Pick<ReadonlyMap<number, ValidatorFacts>, "get">;
  /** What gateways saw, by slot. */
  gateways: ReadonlyMap<number, GatewaySlot>;
  /** By `nodeKey`, oldest first. */
  nodes: ReadonlyMap<string, readonly NodeSample[]>;
  holds: readonly HoldSpan[];
  coverage: readonly Coverage[];
}

export interface ValidatorFacts {
  status: string | undefined;
  slashed: boolean;
  activationEpoch: number | undefined;
  exitEpoch: number | undefined;
  labels: Readonly<Record<string, string>>;
  /** Every duty of it was missed from this epoch on. */
  missedSinceEpoch: number | undefined;
  /** What key reconciliation found last, and where. */
  key: { state: "loaded" | "missing" | "doubled" | "doppelganger"; place: string; at: number } | undefined;
  /** Through which gateways and clients its messages came, oldest first. */
  homes: readonly Home[];
}

export interface Home {
  gateway: string;
  group: string;
  client: string;
  /** When it was first, and last, named there in something published. */
  firstAt: number;
  at: number;
}

/** Where a validator works: one client at one group of a gateway. */
export type Place = Pick<Home, "gateway" | "group" | "client" | "at">;

/** What gateways saw in one slot. */
export interface GatewaySlot {
  /** Requests for attestation data of this slot, in order. */
  asked: readonly AskedInput[];
  /** Requests for a block of this slot, in order. */
  blocks: readonly AskedInput[];
  /** Messages of this slot by signer. */
  messages: ReadonlyMap<Signer, readonly Message[]>;
  arrivals: readonly Arrival[];
  /** Clients that sent any duty request during this slot. */
  clients: ReadonlySet<string>;
}

/** A client asked for what it signs. */
export interface AskedInput {
  at: number;
  durationMs: number;
  gateway: string;
  group: string;
  client: string;
  status: number;
  node: string | undefined;
  /** That the answer names. */
  headRoot: string | undefined;
  refusal: { reason: string; detail: string } | undefined;
  answers: readonly NodeAnswer[];
}

export interface NodeAnswer {
  node: string;
  outcome: string;
  status: number | undefined;
  durationMs: number;
  words?: string;
}

/** One message of one validator on its way to the nodes. `at`: when it was answered; it arrived `durationMs` before. */
export interface Message {
  kind: PublishedItems["kind"];
  at: number;
  durationMs: number;
  gateway: string;
  group: string;
  client: string;
  status: number;
  headRoot: string | undefined;
  target: Checkpoint | undefined;
  /** Did any node take it? */
  isAccepted: boolean;
  /** Why no node took it: the gateway's code, or a node's words. */
  refused: string | undefined;
  refusal: { reason: string; detail: string } | undefined;
  answers: readonly NodeAnswer[];
}

export interface Arrival {
  at: number;
  gateway: string;
  group: string;
  node: string;
  kind: "gossip" | "block" | "head";
  root: string;
}

/** A node's state from `at` until the next sample; only changes are kept. */
export interface NodeSample {
  at: number;
  health: string;
  reason: string;
  operator: string;
  isSyncing: boolean | undefined;
  isOptimistic: boolean | undefined;
  elOffline: boolean | undefined;
  peers: number | undefined;
}

export interface HoldSpan {
  gateway: string;
  group: string;
  reason: string;
  by: string;
  fromAt: number;
  /** `undefined`: it still holds. */
  untilAt: number | undefined;
}

/** What of a gateway's evidence was read: from `fromAt` to `toAt` all of it but the gaps. */
export interface Coverage {
  gateway: string;
  groups: readonly string[];
  fromAt: number;
  toAt: number;
  gaps: readonly EvidenceGap[];
}

/** `isRestart`: in between the gateway's process ended and another began. */
export interface EvidenceGap {
  fromAt: number;
  toAt: number;
  isRestart: boolean;
}

/** One lost duty of one slot, with what bears on it looked up. */
export interface Scene<L extends LostDuty = LostDuty> {
  lost: L;
  record: CauseRecord;
  /** Of the message that was due: the duty's own slot, or the one before the block of a sync duty. */
  slot: number;
  /** When the slot began, its message was due, and its aggregate; ms since the epoch. */
  startAt: number;
  dueAt: number;
  aggregateAt: number;
  validator: ValidatorFacts | undefined;
  home: Place | undefined;
  sight: GatewaySlot | undefined;
  /** What gateways saw of this validator for this slot, of the duty's kind, oldest first. */
  messages: readonly Message[];
  /** The first that a node took, else the first. */
  message: Message | undefined;
  /** What its client asked for, to sign it. */
  asked: readonly AskedInput[];
  /** Was all evidence of every gateway read, from before the slot until after it? */
  isWhole: boolean;
}

/** One rule: what explains this loss, or `undefined` where this is not it or nothing shows it. Pure. */
export type CauseRule<L extends LostDuty = LostDuty> = (scene: Scene<L>) => CauseFinding | undefined;
