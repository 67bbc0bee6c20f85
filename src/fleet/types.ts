import type { RouteLists } from "./route-lists.ts";
import type { Secret } from "./secret.ts";

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

/** A beacon node as configured: headers may still be secrets, so that printing it shows none. */
export interface NodeConfig extends Omit<BeaconNode, "headers"> {
  headers: Readonly<Record<string, string | Secret>>;
}

/** Primary nodes are preferred in order of priority; backup nodes come after every primary one. */
export const nodeRoles = ["primary", "backup"] as const;
export type NodeRole = (typeof nodeRoles)[number];

/** A node's place in a group. `priority` already accounts for the role: lower is preferred. */
export interface GroupMember {
  node: string;
  priority: number;
  role: NodeRole;
}

/** PEM texts of a listener, read and tried. */
export interface ListenerTls {
  cert: Secret;
  key: Secret;
  clientCa?: Secret;
}

/** One listener for validator clients and the beacon nodes behind it. */
export interface NodeGroup {
  name: string;
  listen: { host: string; port: number };
  /** In failover order: priority first (lower is preferred), then as listed. */
  members: readonly GroupMember[];
  /** Absent: only the gateway's own lists hold. */
  routes?: RouteLists;
  tls?: ListenerTls;
}

/** A group with the nodes filled in, headers resolved, in failover order: what the data path is started with. */
export interface ResolvedGroup {
  name: string;
  listen: { host: string; port: number };
  nodes: readonly (BeaconNode & { priority: number; role: NodeRole })[];
}

/** A beacon-API or checkpoint endpoint run by someone else, to compare roots with. */
export interface Reference {
  name: string;
  url: string;
  operator: string;
  kind: "beacon-api" | "checkpoint";
}
