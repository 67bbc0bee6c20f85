import type { ForkName } from "../../chain/types.ts";

/** Named combinations of send, pick and keep; each is one file in `policies/`. */
export type PolicyName =
  "view" | "coalesce" | "agree" | "best" | "broadcast" | "creator" | "replay" | "union" | "events" | "own" | "pass";

/** Whom to ask. */
export type Send = "one" | "hedge" | "all" | "creator" | "own";
/** Whose answer is served. */
export type Pick = "first" | "agree" | "best" | "merge" | "union";
/** What outlives the request. */
export type Keep = "no" | "cache" | "replay";

/** A stretch of the slot: "block" from its start until attestations are due, the others from their duty to the next. */
export type SlotStretch = "block" | "attestation" | "syncMessage" | "aggregate" | "contribution" | "payloadAttestation";

/**
 * Time from arrival to the last byte of the answer: basis points of the slot, or of a stretch of it as the specification
 * divides it at the request's slot (before Gloas and from Gloas on), or milliseconds. `budgetMs` resolves it.
 */
export type Budget = { bps: number } | { due: SlotStretch; partBps: number } | { ms: number };

/** Which of a node's pools and of the gateway's bounds a request uses: duties never wait behind bulk reads. */
export type RouteLane = "duty" | "bulk";

/**
 * Until when a shared answer holds. `flight`: only for those who wait for it now; `head`: until the view's generation
 * changes; `duties`: until the dependent root of its epoch changes; `period`: for its sync committee period on this view;
 * `network`: constants of the network; `finalized`: history that cannot change any more.
 */
export type ShareScope = "flight" | "head" | "duties" | "period" | "network" | "finalized";

/** When a second node is asked though the first has not failed. `soft` waits half the deadline and condemns nobody. */
export type Hedge = "none" | "learned" | "soft";

/** One row of the routing table. */
export interface Route {
  /** The operationId of the Beacon API, with a version suffix where several forms exist. */
  id: string;
  method: "GET" | "POST";
  /** Path with `{name}` for a parameter. */
  path: string;
  policy: PolicyName;
  send: Send;
  pick: Pick;
  keep: Keep;
  deadline: Budget;
  hedge: Hedge;
  /** Do validators sign over the answer? Then the rules for signing inputs hold. */
  isSigningInput: boolean;
  /** Is sending the same request to another node harmless by the protocol? */
  mayRepeat: boolean;
  /** May a missing first byte condemn the node? */
  isCheap: boolean;
  lane: RouteLane;
  /** Part of a validator's duty: it leaves an evidence record, and is on the duty lane. */
  isDuty: boolean;
  /** Statuses that mean it worked; another 2xx is handed on but neither shared nor taken for a success. */
  success: readonly number[];
  /** Bodies over 1 MiB are usual: a second node is asked on failure only, never because of the delay. */
  isHeavy: boolean;
  /** Clients that ask the same at the same time get one upstream call's answer; absent: each asks for itself. */
  share?: ShareScope;
  /** Another node may know what this one answers 404 to. */
  asksOthersOn404: boolean;
  /** What the replay store keeps of it. */
  replays?: "preparations" | "registrations" | "committee-subscriptions" | "sync-subscriptions";
  /** Query parameters that do not change the answer: left out of the key that shared answers are found by. */
  ignoresQuery?: readonly string[];
  /** Closed unless `gateway.allowDebugRoutes`. */
  isDebug?: true;
  /** The first fork that knows the route. */
  since?: ForkName;
  /** The fork from which on nodes may refuse it. */
  until?: ForkName;
  /** Not in the Beacon API any more, or never in this form; which clients in the field still call it. */
  retired?: string;
  /** The operationId of the listed route that this row is a special case of. */
  specialises?: string;
  /** Columns that differ from a fork on; later forks keep the change. `rowAt` gives the row of a fork. */
  forks?: Partial<Record<ForkName, ForkColumns>>;
}

/** What a fork may change of a row. Whoever adds a column here makes its reader go through `rowAt`. */
export interface ForkColumns {
  ignoresQuery?: readonly string[];
}
