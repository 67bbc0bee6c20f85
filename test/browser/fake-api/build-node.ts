import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import type { UpstreamReasonCode } from "../../../src/upstream/reasons.ts";

export const slotMs = 12_000;
export const slotsPerEpoch = 32;

/** A root that is recognisable in a screenshot and stable between runs. */
export const rootOf = (seed: number): string => `0x${seed.toString(16).padStart(8, "0").repeat(8)}`;

/** Reason codes are the gateway's to define; the fixtures must not break when one is renamed. */
export const reason = (code: string): UpstreamReasonCode => code as UpstreamReasonCode;

const clients = [
  ["lodestar/geth", "Lodestar/v1.50.1/1a2b3c4"],
  ["lighthouse/nethermind", "Lighthouse/v8.1.2-5c3e1f0/x86_64-linux"],
  ["teku/besu", "teku/v26.10.0/linux-x86_64/-oracle-java-25"],
  ["nimbus/reth", "Nimbus/v26.9.1-d3f1a2-stateofus"],
  ["prysm/erigon", "Prysm/v7.2.0 (linux amd64)"],
] as const;

/** A ready node on the group's head; `index` varies client, peers and latency without chance. */
export function readyNode(name: string, group: string, index: number, headSlot: number, now: number): UpstreamStatus {
  const [clientFamily, version] = clients[index % clients.length] ?? clients[0];
  const epoch = Math.floor(headSlot / slotsPerEpoch);
  return {
    node: name,
    url: `http://${name.replaceAll(/[^a-z0-9-]/g, "-")}.internal:9596`,
    group,
    priority: 10 + index,
    health: "ready",
    reason: reason("in-sync"),
    detail: "",
    sinceAt: now - 86_400_000 * (index + 1) - 4_000_000,
    operator: "active",
    head: { slot: headSlot, root: rootOf(headSlot) },
    headLagSlots: 0,
    justified: { epoch: epoch - 1, root: rootOf((epoch - 1) * slotsPerEpoch) },
    finalized: { epoch: epoch - 2, root: rootOf((epoch - 2) * slotsPerEpoch) },
    isSyncing: false,
    isOptimistic: false,
    elOffline: false,
    syncDistance: 0,
    peers: 64 + ((index * 17) % 41),
    version,
    clientFamily,
    latencyMs: 2.4 + ((index * 7) % 23),
    isStreamOpen: true,
    headDelayMs: (index * 13) % 90,
    lastSeenAt: now - 700,
    warnings: [],
    labels: {
      provider: ["hetzner", "ovh", "aws"][index % 3] ?? "aws",
      region: ["fsn1", "gra", "eu-west-1"][index % 3] ?? "fsn1",
    },
  };
}

export function downNode(node: UpstreamStatus, now: number): UpstreamStatus {
  return {
    ...node,
    health: "down",
    reason: reason("connection-refused"),
    detail: "connect ECONNREFUSED 10.0.4.12:9596",
    sinceAt: now - 42_000,
    headLagSlots: 4,
    head: node.head === undefined ? undefined : { slot: node.head.slot - 4, root: rootOf(node.head.slot - 4) },
    peers: undefined,
    latencyMs: undefined,
    isStreamOpen: false,
    lastSeenAt: now - 43_000,
  };
}
