import type { Budget, Route, ShareScope } from "./route.ts";

/** Columns that a row may set beside its name. */
export type Extra = Partial<Omit<Route, "id" | "method" | "path">>;
type Method = Route["method"];

/**
 * Budgets, each short enough that a client which gives up after a third of a slot hears from the gateway first. Whole
 * states take longer; clients that read them wait a slot.
 */
export const budgets = {
  own: { ms: 1_000 },
  /** Proposals count when they come before attestations are due. */
  block: { due: "block", partBps: 9_000 },
  publishBlock: { bps: 4_800 },
  attestation: { due: "attestation", partBps: 7_000 },
  syncMessage: { due: "syncMessage", partBps: 7_000 },
  aggregate: { due: "aggregate", partBps: 4_900 },
  contribution: { due: "contribution", partBps: 4_900 },
  publishAggregate: { due: "aggregate", partBps: 6_000 },
  publishContribution: { due: "contribution", partBps: 6_000 },
  /** Votes on the payload are due at three quarters of the slot and count until its end. */
  payloadAttestation: { due: "payloadAttestation", partBps: 7_000 },
  duties: { bps: 3_000 },
  small: { bps: 3_000 },
  registrations: { bps: 8_000 },
  bulk: { bps: 9_500 },
} as const satisfies Record<string, Budget>;

const base = {
  keep: "no",
  isSigningInput: false,
  mayRepeat: true,
  isCheap: false,
  isDuty: false,
  isHeavy: false,
  lane: "bulk",
  success: [200],
  asksOthersOn404: false,
} as const;

/** The best node; the next one on failure, or when it is slow. */
export function view(method: Method, id: string, path: string, extra: Extra = {}): Route {
  return {
    ...base,
    id,
    method,
    path,
    policy: "view",
    send: "hedge",
    pick: "first",
    deadline: budgets.bulk,
    hedge: "soft",
    ...extra,
  };
}

/** One upstream call serves all who ask the same; `share` says for how long its answer holds. */
export function coalesce(method: Method, id: string, path: string, share: ShareScope, extra: Extra = {}): Route {
  const keep = share === "flight" ? "no" : "cache";
  return view(method, id, path, { policy: "coalesce", keep, share, ...extra });
}

/** Streamed byte for byte from one node. */
export function pass(id: string, path: string, extra: Extra = {}, method: Method = "GET"): Route {
  return {
    ...base,
    id,
    method,
    path,
    policy: "pass",
    send: "one",
    pick: "first",
    deadline: budgets.bulk,
    hedge: "none",
    ...extra,
  };
}

/** All ready nodes are asked, the best answer is chosen at half the budget. */
export function best(id: string, path: string, extra: Extra = {}): Route {
  return view("GET", id, path, { ...input, policy: "best", send: "all", pick: "best", hedge: "none", ...extra });
}

/** To all nodes; the first success of a ready one answers. */
export function publish(id: string, path: string, deadline: Budget, extra: Extra = {}): Route {
  const row = { policy: "broadcast", send: "all", pick: "merge", hedge: "none", isDuty: true, lane: "duty" } as const;
  return { ...base, id, method: "POST", path, ...row, deadline, ...extra };
}

/** Broadcast, and kept for nodes that come back. */
export function store(
  id: string,
  path: string,
  replays: NonNullable<Route["replays"]>,
  deadline: Budget,
  extra: Extra = {},
): Route {
  return publish(id, path, deadline, { policy: "replay", keep: "replay", replays, ...extra });
}

/** Small answers from memory: a node that keeps silent on one of these hangs. */
export const cheap = { isCheap: true, hedge: "learned", deadline: budgets.small } as const satisfies Extra;

/** On the duty lane, with an evidence record. Duties know no 404 of their own: it says that this node's version lacks the route. */
export const duty = {
  isDuty: true,
  lane: "duty",
  deadline: budgets.duties,
  asksOthersOn404: true,
} as const satisfies Extra;

/** Validators sign over it. */
export const input = {
  isSigningInput: true,
  isDuty: true,
  lane: "duty",
  asksOthersOn404: true,
} as const satisfies Extra;
