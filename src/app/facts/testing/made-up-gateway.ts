import type { ObservedGateway } from "../../../control/observed-gateway.ts";
import type { GatewayStatus, GroupStatus } from "../../../control/types.ts";
import type { UpstreamStatus } from "../../../upstream/types.ts";
import { timing } from "./made-up-epoch.ts";

export function nodeOf(node: string, now: number, change: Partial<UpstreamStatus> = {}): UpstreamStatus {
  return {
    ...{ node, url: `http://${node}`, group: "main", priority: 0, health: "ready", reason: "ready", detail: "" },
    ...{ sinceAt: now - 3_600_000, operator: "active", head: undefined, headLagSlots: 0, justified: undefined },
    ...{ finalized: undefined, isSyncing: false, isOptimistic: false, elOffline: false, syncDistance: 0, peers: 80 },
    ...{ version: undefined, clientFamily: "x/y", latencyMs: 8, isStreamOpen: true, headDelayMs: 0, clockOffsetMs: 0 },
    ...{ lastSeenAt: now, warnings: [], labels: {} },
    ...change,
  } as UpstreamStatus;
}

/** A serving group at the chain's head, finality two epochs back. */
export function groupOf(now: number, nodes: readonly UpstreamStatus[], change: Partial<GroupStatus> = {}): GroupStatus {
  const slot = Math.floor((now - timing.genesisTimeMs) / timing.slotDurationMs);
  const ready = nodes.filter(({ health, operator }) => health === "ready" && operator === "active");
  return {
    ...{ group: "main", listen: { host: "127.0.0.1", port: 0 }, nodes },
    view: {
      ...{ generation: 1, kind: ready.length > 0 ? "serving" : "none", head: { slot, root: "0x1" } },
      ...{ justified: undefined, finalized: { epoch: Math.floor(slot / 32) - 2, root: "0x2" } },
      ...{ ready: ready.map(({ node }) => node), fallback: [], signingInputs: [], reason: undefined, changedAt: 0 },
    },
    network: { ...timing, configName: "made-up", genesisValidatorsRoot: "0x" },
    requests: { total: 0, failed: 0, perSecond: 0, streams: 0 },
    ...change,
  };
}

export function gatewayOf(
  name: string,
  now: number,
  groups: readonly GroupStatus[],
  change: Partial<ObservedGateway> = {},
): ObservedGateway {
  const status: GatewayStatus = {
    ...{
      controlVersion: 1,
      gateway: name,
      version: "1",
      startedAt: now - 3_600_000,
      at: now,
      configRevision: "1",
      groups,
    },
    process: {
      ...{ pid: 1, rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 1, cpuSeconds: 1, openClientSockets: 0 },
      inFlightRequests: 0,
    },
    ...{ lastTransitionSeq: 0, lastEvidenceSeq: 0 },
  };
  return { name, isReachable: true, lastContactAt: now, error: undefined, status, ...change };
}
