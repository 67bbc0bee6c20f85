import type { Sample } from "./exposition.ts";

/**
 * How one number is read from a metrics page: the sum of a metric's series, or how many series it has (clients that
 * expose one series per key), with the series that do not count left out.
 */
export interface MetricSource {
  metric: string;
  read: "sum" | "count";
  where?: (sample: Sample) => boolean;
}

/** The metric names of one validator client. Sources are tried in order: the first that the page has wins. */
export interface VcMetrics {
  client: string;
  /** A page with any of these is this client's. */
  fingerprints: readonly string[];
  version: { metric: string; label: string } | undefined;
  /** Keys that the client has loaded and would sign with. */
  keys: readonly MetricSource[];
  /** Of these, the ones that the chain calls active. */
  activeKeys: readonly MetricSource[];
  /** Keys that are slashed on chain, or a flag that is above zero when one is. */
  slashed: readonly MetricSource[];
  /** Beacon nodes that the client can use now, and how many it is configured with. */
  usableNodes: readonly MetricSource[];
  configuredNodes: readonly MetricSource[];
}

const status = (pattern: RegExp) => (sample: Sample) =>
  pattern.test(sample.labels["status"] ?? sample.labels["state"] ?? "");
const sum = (metric: string, where?: MetricSource["where"]): MetricSource =>
  where ? { metric, read: "sum", where } : { metric, read: "sum" };
const count = (metric: string, where?: MetricSource["where"]): MetricSource =>
  where ? { metric, read: "count", where } : { metric, read: "count" };

/**
 * Validator clients by the metrics that they expose, most specific first. Read from each project's own source; adding a
 * client is adding one entry here and its page to the tests.
 */
export const vcCatalog: readonly VcMetrics[] = [
  {
    client: "lodestar",
    fingerprints: ["vc_signers_count", "vc_indices_count"],
    version: { metric: "lodestar_version", label: "version" },
    keys: [sum("vc_signers_count"), sum("vc_indices_count")],
    activeKeys: [],
    slashed: [],
    // The score of a URL falls from 10 by 2 with each failed call; `vc_beacon_health` is one figure for all URLs together.
    usableNodes: [
      count("vc_rest_api_client_urls_score", (sample) => sample.value > 0),
      count("vc_beacon_health", (sample) => sample.value === 0),
    ],
    configuredNodes: [count("vc_rest_api_client_urls_score"), count("vc_beacon_health")],
  },
  {
    client: "lighthouse",
    fingerprints: ["vc_validators_enabled_count", "vc_validators_total_count"],
    version: { metric: "lighthouse_info", label: "version" },
    keys: [sum("vc_validators_enabled_count")],
    activeKeys: [],
    slashed: [],
    usableNodes: [sum("vc_beacon_nodes_synced_count"), sum("vc_beacon_nodes_available_count")],
    configuredNodes: [sum("vc_beacon_nodes_total_count")],
  },
  {
    client: "teku",
    fingerprints: [
      "validator_local_validator_count",
      "validator_local_validator_counts",
      "validator_teku_version_total",
    ],
    version: { metric: "validator_teku_version_total", label: "version" },
    keys: [sum("validator_local_validator_count"), sum("validator_local_validator_counts")],
    activeKeys: [sum("validator_local_validator_counts", status(/^active/))],
    slashed: [sum("validator_local_validator_counts", status(/slashed/))],
    usableNodes: [],
    configuredNodes: [],
  },
  {
    client: "vouch",
    fingerprints: ["vouch_accountmanager_accounts_total"],
    version: { metric: "vouch_release", label: "version" },
    keys: [sum("vouch_accountmanager_accounts_total")],
    activeKeys: [sum("vouch_accountmanager_accounts_total", status(/^active/))],
    slashed: [sum("vouch_accountmanager_accounts_total", status(/slashed/))],
    usableNodes: [],
    configuredNodes: [],
  },
  {
    client: "vero",
    fingerprints: ["vero_info"],
    version: { metric: "vero_info", label: "version" },
    keys: [sum("validator_status")],
    activeKeys: [sum("validator_status", status(/^active/))],
    slashed: [sum("slashing_detected")],
    usableNodes: [count("beacon_node_score", (sample) => sample.value > 0)],
    configuredNodes: [count("beacon_node_score")],
  },
  {
    client: "prysm",
    fingerprints: ["validator_statuses"],
    version: { metric: "prysm_version", label: "version" },
    // One series per key; its value is 3 when active, 4 exiting, 5 slashed.
    keys: [count("validator_statuses")],
    activeKeys: [count("validator_statuses", (sample) => sample.value === 3 || sample.value === 4)],
    slashed: [count("validator_statuses", (sample) => sample.value === 5)],
    usableNodes: [],
    configuredNodes: [],
  },
  {
    client: "web3signer",
    fingerprints: ["signing_signers_loaded_count"],
    version: undefined,
    keys: [sum("signing_signers_loaded_count")],
    activeKeys: [],
    slashed: [],
    usableNodes: [],
    configuredNodes: [],
  },
  {
    client: "nimbus",
    // Nimbus does not prefix its names, so this entry comes last.
    fingerprints: ["validators"],
    version: { metric: "version", label: "version" },
    keys: [sum("validators")],
    activeKeys: [],
    slashed: [],
    usableNodes: [],
    configuredNodes: [],
  },
];
