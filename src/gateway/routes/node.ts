import type { Route } from "./route.ts";
import { budgets, coalesce, cheap, pass, view, type Extra } from "./rows.ts";

const own: Extra = { policy: "own", send: "own", deadline: budgets.own, hedge: "none", lane: "duty" };

/** The node itself, its configuration, and events. What the group is as a whole the gateway answers for itself. */
export const nodeRoutes: readonly Route[] = [
  view("GET", "getHealth", "/eth/v1/node/health", { ...own, success: [200, 206] }),
  view("GET", "getSyncingStatus", "/eth/v1/node/syncing", own),
  view("GET", "getNodeVersion", "/eth/v1/node/version", own),
  view("GET", "getNodeVersionV2", "/eth/v2/node/version", own),
  pass("getNetworkIdentity", "/eth/v1/node/identity"),
  pass("getPeers", "/eth/v1/node/peers"),
  pass("getPeer", "/eth/v1/node/peers/{peer_id}", { asksOthersOn404: true }),
  // Teku's validator client judges a node by it; one answer serves all who ask at the same time.
  coalesce("GET", "getPeerCount", "/eth/v1/node/peer_count", "flight", cheap),

  coalesce("GET", "getSpec", "/eth/v1/config/spec", "network", cheap),
  coalesce("GET", "getForkSchedule", "/eth/v1/config/fork_schedule", "network", cheap),
  coalesce("GET", "getDepositContract", "/eth/v1/config/deposit_contract", "network", cheap),
  coalesce("GET", "getGenesis", "/eth/v1/beacon/genesis", "network", cheap),

  pass("eventstream", "/eth/v1/events", { policy: "events", send: "own", lane: "duty" }),
];
