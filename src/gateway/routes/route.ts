/** Named combinations of send, pick and keep; each is one file in `policies/`. */
export type PolicyName =
  | "view"
  | "coalesce"
  | "agree"
  | "best"
  | "broadcast"
  | "creator"
  | "replay"
  | "union"
  | "events"
  | "own"
  | "pass";

/** Whom to ask. */
export type Send = "one" | "hedge" | "all" | "creator" | "own";
/** Whose answer is served. */
export type Pick = "first" | "agree" | "best" | "merge" | "union";
/** What outlives the request. */
export type Keep = "no" | "cache" | "replay";

/** Time from arrival to the last byte of the answer: basis points of the slot, or milliseconds. */
export type Budget = { bps: number } | { ms: number };

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
  /** Part of a validator's duty: it uses the duty lane and leaves an evidence record. */
  isDuty: boolean;
  /** Clients that ask the same at the same time get one upstream call's answer; absent: each asks for itself. */
  share?: ShareScope;
  /** Another node may know what this one answers 404 to. */
  asksOthersOn404: boolean;
  /** What the replay store keeps of it. */
  replays?: "preparations" | "registrations" | "committee-subscriptions" | "sync-subscriptions";
}
