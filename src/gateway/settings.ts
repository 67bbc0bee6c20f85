import type { NamedClient } from "./clients/named-client.ts";
import type { RouteRules } from "./clients/route-rules.ts";

/** How one gateway group behaves; every bound of the data path is here. Times in milliseconds, sizes in bytes. */
export interface GatewaySettings {
  /** Serve `debug` routes? They can return whole states. */
  allowDebugRoutes: boolean;
  /** Serve routes outside the Beacon API, such as `/lighthouse/…` or `/eth/v1/lodestar/…`? */
  allowClientRoutes: boolean;
  /** Clients known by token, address or certificate; read once, and again by `reload`. */
  clients: readonly NamedClient[];
  /** Refuse whoever is none of `clients`? */
  requireKnownClients: boolean;
  /** Allow and deny lists of the gateway and of the group. */
  routeRules: readonly RouteRules[];
  /**
   * How many nodes must agree on the source and target of attestation data. `auto`: a majority of the ready ones, of at
   * least two client families, where the group has two; `off`: the first good answer.
   */
  agree: "auto" | "off" | { nodes: number };
  /** Weight of a blinded block's value against a full one's, per cent. The node has already applied the client's own. */
  blindedBoostPercent: number;
  /** Lower-case 0x addresses; empty means that any fee recipient is allowed. */
  feeRecipientAllowList: readonly string[];
  maxReadBodyBytes: number;
  maxPublishBodyBytes: number;
  /** Larger answers are streamed instead of received whole. */
  maxBufferedAnswerBytes: number;
  /** Shared answers kept in memory. */
  maxCacheBytes: number;
  /** All bodies in memory, the cache included: beyond it bulk reads get 503, what belongs to duties never. */
  maxBufferedBytes: number;
  maxConnections: number;
  /** Unanswered requests on one client socket. */
  maxPipelined: number;
  keepAliveMs: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** Connections to one node, by lane. */
  dutyConnections: number;
  bulkConnections: number;
  /**
   * Bulk requests of clients under way, for each ready node; below `bulkConnections`, so that a client that comes to a
   * full house still finds a connection. Those whose answer is shared have eight times as many places.
   */
  maxBulkPerNode: number;
  /** Bulk requests of one client under way. */
  maxBulkPerClient: number;
  connectTimeoutMs: number;
  /** Upper end of the wait before a cheap call goes to a second node; the lower end is half of it. */
  hedgeMs: number;
  /** Bodies from this size on are compressed for clients that accept it. */
  compressFromBytes: number;
  eventHeartbeatMs: number;
  /** An event stream's client is dropped when this much is waiting to be sent to it. */
  maxEventBacklogBytes: number;
  maxEventStreams: number;
  /** Items of each kind in the replay store. */
  maxReplayItems: number;
  replaySnapshotMs: number;
}

export const defaultGatewaySettings: GatewaySettings = {
  allowDebugRoutes: false,
  allowClientRoutes: false,
  clients: [],
  requireKnownClients: false,
  routeRules: [],
  agree: "auto",
  blindedBoostPercent: 100,
  feeRecipientAllowList: [],
  maxReadBodyBytes: 4 * 1024 * 1024,
  maxPublishBodyBytes: 32 * 1024 * 1024,
  maxBufferedAnswerBytes: 8 * 1024 * 1024,
  maxCacheBytes: 64 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxConnections: 16_384,
  maxPipelined: 8,
  keepAliveMs: 120_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  dutyConnections: 512,
  bulkConnections: 192,
  maxBulkPerNode: 128,
  maxBulkPerClient: 2_048,
  connectTimeoutMs: 1_000,
  hedgeMs: 300,
  compressFromBytes: 1_024,
  eventHeartbeatMs: 15_000,
  maxEventBacklogBytes: 256 * 1024,
  maxEventStreams: 4_096,
  maxReplayItems: 500_000,
  replaySnapshotMs: 5_000,
};
