import { fact } from "./describe-fact.ts";

const minutes = (count: number) => count * 60_000;

/** What the chain and the beacon nodes say. */
export const chainFacts = [
  fact(
    "finality_lag_epochs",
    "epochs",
    [],
    minutes(5),
    "Head epoch less finalized epoch. 2 is normal; the inactivity leak starts above 5.",
  ),
  fact(
    "network_participation_ratio",
    "ratio",
    [],
    minutes(20),
    "Share of the network's stake that voted for the right target in the last whole epoch.",
  ),
  fact("chain_split_branches", "count", ["group"], minutes(5), "Branches that the group's nodes follow. 1 is normal."),
  fact("reorg_depth_slots", "count", [], minutes(20), "Most orphaned blocks in a row in the last judged epoch."),
  fact(
    "blocks_seen_late_ratio",
    "ratio",
    ["node"],
    minutes(20),
    "Share of the last hour's blocks that this node imported after the attestation deadline, while others had them earlier.",
  ),
  fact(
    "upstream_ready_count",
    "count",
    ["group"],
    minutes(2),
    "Beacon nodes of the group that are ready to serve duties, at the gateway that has fewest.",
  ),
  fact(
    "upstream_not_ready",
    "flag",
    ["group", "node"],
    minutes(2),
    "1 while the node is not ready, nor cordoned or in maintenance.",
  ),
  fact(
    "standby_not_ready_epochs",
    "epochs",
    ["group", "node"],
    minutes(15),
    "Whole epochs for which a standby node has not been ready.",
  ),
  fact("node_peer_count", "count", ["node"], minutes(5), "Connected peers of the beacon node."),
  fact(
    "el_offline",
    "flag",
    ["node"],
    minutes(2),
    "1 while the beacon node says that its execution client is offline.",
  ),
  fact(
    "beacon_latency_above_baseline",
    "multiple",
    ["group", "node"],
    minutes(15),
    "95th percentile of the node's answer times to probes over 15 minutes, as a multiple of the usual one of the last 7 days. Known once a day was watched.",
  ),
  fact(
    "request_surge_multiple",
    "multiple",
    ["group", "client"],
    minutes(15),
    "Requests of the last 15 minutes as a multiple of the same time of day over the last 7 days; 0 below 100 requests. `client` is `all clients` for the whole group. Known once a day was watched.",
  ),
  fact(
    "client_requests_silent_epochs",
    "epochs",
    ["group", "client"],
    minutes(15),
    "Whole epochs in which a validator client that was heard of before asked for nothing. Of clients with a name, by the configuration or the inventory.",
  ),
  fact(
    "client_versions_outdated",
    "count",
    ["client"],
    minutes(24 * 60),
    "Own nodes on a version older than the client's recommended one.",
    "a list of recommended versions",
  ),
  fact(
    "security_release_pending",
    "count",
    ["client"],
    minutes(24 * 60),
    "Own nodes on a version for which a security release is out.",
    "a list of recommended versions",
  ),
  fact(
    "fork_unready_nodes",
    "count",
    ["fork"],
    minutes(24 * 60),
    "Own nodes whose schedule of coming forks differs from the others'.",
  ),
  fact("fork_epochs_left", "epochs", ["fork"], minutes(60), "Epochs until the next scheduled fork."),
] as const;
