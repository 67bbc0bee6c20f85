import { Pool } from "undici";
import type { GatewaySettings } from "../settings.ts";
import type { Quantile } from "./latency.ts";

/** A beacon node as the gateway calls it; headers hold secrets already resolved. */
export interface GatewayNode {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
}

export type Lane = "duty" | "bulk";

/** Where calls to a node go. Replaced as a whole while a drill shows a fault on the node, so that no call has to ask. */
export interface NodePools {
  /** The URL behind the pools: the node's own, or that of the fault proxy in front of it. */
  address: string;
  /** Path of that URL without a trailing slash, put in front of every path. */
  prefix: string;
  duty: Pool;
  bulk: Pool;
  events: Pool;
}

/** Connections to one node and what is known of its recent behaviour. Counters are plain numbers, read when asked. */
export interface NodeLink extends NodePools {
  readonly node: GatewayNode;
  readonly name: string;
  /** Names and values in turn: the node's own headers, and identity encoding. */
  readonly extraHeaders: readonly string[];
  inFlight: { duty: number; bulk: number };
  /** Until then (monotonic ms) the node goes last among the ready: it has just failed or kept silent. */
  avoidUntil: number;
  /** Time to the first byte of cheap calls, by route. */
  readonly latency: Map<string, Quantile>;
  calls: number;
  failures: number;
  dropped: number;
  lastReportAt: number;
}

/** Opens the pools of an address: none of them connects before its first call. */
export function openPools(address: string, settings: GatewaySettings): NodePools {
  const url = new URL(address);
  const options = {
    allowH2: false,
    connectTimeout: settings.connectTimeoutMs,
    // Below the 5 s that Node-based beacon nodes keep an idle socket: they lose the race, not the request.
    keepAliveTimeout: 4_000,
    // The gateway's own deadlines decide; these are a back-stop.
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  };
  return {
    address,
    prefix: url.pathname.replace(/\/+$/, ""),
    duty: new Pool(url.origin, { ...options, connections: settings.dutyConnections }),
    bulk: new Pool(url.origin, { ...options, connections: settings.bulkConnections }),
    events: new Pool(url.origin, { ...options, connections: 4, bodyTimeout: 0 }),
  };
}

export function openNodeLink(node: GatewayNode, settings: GatewaySettings): NodeLink {
  const extraHeaders = Object.entries(node.headers).flat();
  extraHeaders.push("accept-encoding", "identity");
  return {
    node,
    name: node.name,
    extraHeaders,
    ...openPools(node.url, settings),
    inFlight: { duty: 0, bulk: 0 },
    avoidUntil: 0,
    latency: new Map(),
    calls: 0,
    failures: 0,
    dropped: 0,
    lastReportAt: 0,
  };
}

/** Closes all connections of a node at once. */
export async function closePools({ duty, bulk, events }: NodePools): Promise<void> {
  await Promise.all([duty.destroy(null), bulk.destroy(null), events.destroy(null)]);
}
