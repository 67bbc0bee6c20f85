import { Pool } from "undici";
import type { GatewaySettings } from "../settings.ts";

/** A beacon node as the gateway calls it; headers hold secrets already resolved. */
export interface GatewayNode {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
}

export type Lane = "duty" | "bulk";

/** Connections to one node and what is known of its recent behaviour. Counters are plain numbers, read when asked. */
export interface NodeLink {
  readonly node: GatewayNode;
  readonly name: string;
  /** Path of the node's URL without a trailing slash, put in front of every path. */
  readonly prefix: string;
  /** Names and values in turn: the node's own headers, and identity encoding. */
  readonly extraHeaders: readonly string[];
  readonly duty: Pool;
  readonly bulk: Pool;
  readonly events: Pool;
  inFlight: { duty: number; bulk: number };
  /** Until then (monotonic ms) the node goes last among the ready: it has just failed or kept silent. */
  avoidUntil: number;
  /** Smoothed time to the first byte of cheap calls, and its mean deviation (RFC 6298's estimator). */
  latencyMs: number;
  deviationMs: number;
  calls: number;
  failures: number;
  dropped: number;
  lastReportAt: number;
}

/** Opens the pools of a node: none of them connects before its first call. */
export function openNodeLink(node: GatewayNode, settings: GatewaySettings): NodeLink {
  const url = new URL(node.url);
  const options = {
    allowH2: false,
    connectTimeout: settings.connectTimeoutMs,
    // Below the 5 s that Node-based beacon nodes keep an idle socket: they lose the race, not the request.
    keepAliveTimeout: 4_000,
    // The gateway's own deadlines decide; these are a back-stop.
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  };
  const extraHeaders = Object.entries(node.headers).flat();
  extraHeaders.push("accept-encoding", "identity");
  return {
    node,
    name: node.name,
    prefix: url.pathname.replace(/\/+$/, ""),
    extraHeaders,
    duty: new Pool(url.origin, { ...options, connections: settings.dutyConnections }),
    bulk: new Pool(url.origin, { ...options, connections: settings.bulkConnections }),
    events: new Pool(url.origin, { ...options, connections: 4, bodyTimeout: 0 }),
    inFlight: { duty: 0, bulk: 0 },
    avoidUntil: 0,
    latencyMs: 0,
    deviationMs: 0,
    calls: 0,
    failures: 0,
    dropped: 0,
    lastReportAt: 0,
  };
}

/** Closes all connections of a node at once. */
export async function closeNodeLink(link: NodeLink): Promise<void> {
  await Promise.all([link.duty.destroy(null), link.bulk.destroy(null), link.events.destroy(null)]);
}

/** Learns from one cheap answer. */
export function learnLatency(link: NodeLink, sampleMs: number): void {
  if (link.latencyMs === 0) {
    link.latencyMs = sampleMs;
    link.deviationMs = sampleMs / 2;
    return;
  }
  link.deviationMs += (Math.abs(sampleMs - link.latencyMs) - link.deviationMs) / 4;
  link.latencyMs += (sampleMs - link.latencyMs) / 8;
}

/** How long to wait for the first byte of a cheap call before another node is asked too, ms. */
export function hedgeDelayMs(link: NodeLink, slotMs: number, hedgeMs: number): number {
  const most = Math.min(hedgeMs, Math.max(hedgeMs / 2, slotMs / 40));
  if (link.latencyMs === 0) return most;
  return Math.min(most, Math.max(hedgeMs / 2, link.latencyMs + 4 * link.deviationMs));
}
