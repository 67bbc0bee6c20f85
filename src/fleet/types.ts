/** Consensus clients by the name at the head of their `node/version` answer, lower case. */
export const consensusClients = [
  "lighthouse",
  "lodestar",
  "nimbus",
  "prysm",
  "teku",
  "grandine",
  "caplin",
  "unknown",
] as const;
export type ConsensusClient = (typeof consensusClients)[number];

/** A beacon node as the operator describes it. */
export interface BeaconNode {
  name: string;
  /** Base URL of the Beacon API, without a trailing slash; may hold a path prefix. */
  url: string;
  /** What the operator says; the node's own version string wins where it can be read. */
  client?: string;
  executionClient?: string;
  host?: string;
  provider?: string;
  region?: string;
  labels: Readonly<Record<string, string>>;
  /** Extra request headers for this node (secrets already resolved). */
  headers: Readonly<Record<string, string>>;
}

/** One listener for validator clients and the beacon nodes behind it. */
export interface NodeGroup {
  name: string;
  listen: { host: string; port: number };
  /** In failover order: priority first (lower is preferred), then as listed. */
  members: readonly { node: string; priority: number }[];
}

/** A beacon-API or checkpoint endpoint run by someone else, to compare roots with. */
export interface Reference {
  name: string;
  url: string;
  operator: string;
}
