import type { GatewayView, Snapshot, StateSentence } from "../../../src/api/contract.ts";
import type { GroupStatus } from "../../../src/control/types.ts";
import type { UpstreamStatus, View } from "../../../src/upstream/types.ts";
import { slotMs, slotsPerEpoch } from "./build-node.ts";

export const genesisTimeMs = Date.UTC(2020, 11, 1, 12, 0, 23);
export const slotNow = (now: number): number => Math.floor((now - genesisTimeMs) / slotMs);

export function groupOf(
  name: string,
  port: number,
  nodes: readonly UpstreamStatus[],
  now: number,
  view: Partial<View> = {},
): GroupStatus {
  const best = nodes.find((node) => node.health === "ready") ?? nodes[0];
  const ready = nodes.filter((node) => node.health === "ready" && node.operator === "active").map((node) => node.node);
  return {
    group: name,
    listen: { host: "127.0.0.1", port },
    view: {
      generation: 7,
      kind: ready.length > 0 ? "serving" : "none",
      head: best?.head,
      justified: best?.justified,
      finalized: best?.finalized,
      ready,
      fallback: [],
      signingInputs: ready,
      reason: undefined,
      changedAt: now - 4_000,
      ...view,
    },
    nodes,
    network: {
      configName: "mainnet",
      genesisTimeMs,
      slotDurationMs: slotMs,
      slotsPerEpoch,
      genesisValidatorsRoot: "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
    },
    requests: { total: 1_284_077, failed: 0, perSecond: 41.6, streams: 3 },
  };
}

export function gatewayOf(
  name: string,
  groups: readonly GroupStatus[],
  now: number,
  part: Partial<GatewayView> = {},
): GatewayView {
  return {
    name,
    isReachable: true,
    lastContactAt: now,
    error: undefined,
    status: {
      controlVersion: 1,
      gateway: name,
      version: "0.1.0",
      startedAt: now - 400_000_000,
      at: now,
      configRevision: "c0ffee",
      groups,
      process: {
        pid: 4711,
        rssBytes: 9e7,
        heapUsedBytes: 4e7,
        eventLoopLagMs: 2,
        cpuSeconds: 40,
        openClientSockets: 6,
        inFlightRequests: 1,
      },
      lastTransitionSeq: 40,
      lastEvidenceSeq: 9_000,
    },
    ...part,
  };
}

export function snapshotOf(
  gateways: readonly GatewayView[],
  state: Partial<StateSentence>,
  now: number,
  part: Partial<Snapshot> = {},
): Snapshot {
  return {
    at: now,
    version: "0.1.0",
    profile: "solo",
    state: { level: "fine", sentence: "All nodes are ready.", next: "", sinceAt: now - 15_780_000, ...state },
    gateways,
    observers: [],
    drills: [],
    ...part,
  };
}
