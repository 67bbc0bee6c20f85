import type { UpstreamStatus, View } from "../../upstream/types.ts";
import type { ObservedGateway } from "../observed-gateway.ts";
import { controlVersion, type EvidenceRecord, type GatewayStatus, type GroupStatus } from "../types.ts";

/** For tests: healthy parts of a status at slot 3200, epoch 100, of a chain with 12 s slots. */
export const now = 1_700_000_000_000;

export function nodeStatus(node: string, changes: Partial<UpstreamStatus> = {}): UpstreamStatus {
  return {
    node,
    url: `http://${node}:5052`,
    group: "default",
    priority: 0,
    health: "ready",
    reason: "in-sync",
    detail: "",
    sinceAt: now - 60_000,
    operator: "active",
    head: { slot: 3200, root: "0xaa" },
    headLagSlots: 0,
    justified: { epoch: 99, root: "0xbb" },
    finalized: { epoch: 98, root: "0xcc" },
    isSyncing: false,
    isOptimistic: false,
    elOffline: false,
    syncDistance: 0,
    peers: 50,
    version: "Lodestar/v1",
    clientFamily: "lodestar/geth",
    latencyMs: 3,
    isStreamOpen: true,
    headDelayMs: 10,
    lastSeenAt: now - 500,
    warnings: [],
    labels: {},
    ...changes,
  };
}

export function groupStatus(nodes: readonly UpstreamStatus[], view: Partial<View> = {}): GroupStatus {
  const ready = nodes
    .filter(({ health, operator }) => health === "ready" && operator === "active")
    .map(({ node }) => node);
  return {
    group: "default",
    listen: { host: "127.0.0.1", port: 7381 },
    view: {
      generation: 1,
      kind: "serving",
      head: { slot: 3200, root: "0xaa" },
      justified: { epoch: 99, root: "0xbb" },
      finalized: { epoch: 98, root: "0xcc" },
      ready,
      fallback: [],
      signingInputs: ready,
      reason: undefined,
      changedAt: now - 60_000,
      ...view,
    },
    nodes,
    network: {
      configName: "mainnet",
      genesisTimeMs: now - 3200 * 12_000,
      slotDurationMs: 12_000,
      slotsPerEpoch: 32,
      genesisValidatorsRoot: "0xdd",
    },
    requests: { total: 10, failed: 0, perSecond: 1.5, streams: 1 },
  };
}

export function gatewayStatus(groups: readonly GroupStatus[], changes: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    controlVersion,
    gateway: "main",
    version: "0.1.0",
    startedAt: now - 3_600_000,
    at: now,
    configRevision: "abc",
    groups,
    process: {
      pid: 1,
      rssBytes: 1,
      heapUsedBytes: 1,
      eventLoopLagMs: 0,
      cpuSeconds: 1,
      openClientSockets: 1,
      inFlightRequests: 0,
    },
    lastTransitionSeq: 0,
    lastEvidenceSeq: 0,
    ...changes,
  };
}

export function reachable(status: GatewayStatus, name = "main"): ObservedGateway {
  return { name, isReachable: true, lastContactAt: now - 500, error: undefined, status };
}

export function evidenceRecord(requestId: string, changes: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    at: now,
    slot: 3200,
    group: "default",
    client: "127.0.0.1",
    requestId,
    method: "GET",
    route: "/eth/v1/validator/attestation_data",
    policy: "agree",
    status: 200,
    durationMs: 3,
    node: "bn1",
    headRoot: "0xaa",
    answers: [{ node: "bn1", outcome: "answered", status: 200, durationMs: 2 }],
    ...changes,
  };
}
