import type { GatewayStatus, GroupStatus } from "../../src/control/types.ts";
import type { ObservedGateway } from "../../src/control/observed-gateway.ts";
import type { SimChain } from "../../src/sim/chain/types.ts";
import type { SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import type { Health, UpstreamStatus } from "../../src/upstream/types.ts";
import type { OwnNode } from "./scenario.ts";

export interface StartedNode {
  own: OwnNode;
  sim: SimBeaconNode;
}

/** Statuses as a gateway would give them, from what the simulated nodes see and from what plays on them. */
export function observe(nodes: readonly StartedNode[], chain: SimChain, isHit: boolean, now: number): ObservedGateway {
  const byGroup = Map.groupBy(nodes, ({ own }) => own.group);
  const branches = branchesOf(nodes, chain, isHit);
  const groups = [...byGroup].map(([group, of]) => groupStatus(group, of, chain, isHit, branches));
  const status = {
    ...{
      controlVersion: 1,
      gateway: "gateway",
      version: "bench",
      startedAt: now - 864e5,
      at: now,
      configRevision: "1",
    },
    ...{ groups, lastTransitionSeq: 0, lastEvidenceSeq: 0 },
    process: {
      pid: 1,
      rssBytes: 0,
      heapUsedBytes: 0,
      eventLoopLagMs: 0,
      cpuSeconds: 0,
      openClientSockets: 0,
      inFlightRequests: 0,
    },
  } satisfies GatewayStatus;
  return { name: "gateway", isReachable: true, lastContactAt: now, error: undefined, status };
}

function statusOf({ own, sim }: StartedNode, isHit: boolean): UpstreamStatus {
  const { head, state, slot } = sim.sight();
  const trouble = isHit ? own.trouble : undefined;
  const lag = slot - head.slot;
  const health: Health = trouble === "down" ? "down" : trouble === "optimistic" || lag > 4 ? "syncing" : "ready";
  return {
    ...{ node: own.name, url: sim.url, group: own.group, priority: 1, health, reason: "in-sync", sinceAt: 0 },
    ...{
      detail: trouble === undefined ? "" : trouble,
      operator: own.isInMaintenance && isHit ? "maintenance" : "active",
    },
    ...{
      head: { slot: head.slot, root: head.root },
      headLagSlots: lag,
      justified: state.justified,
      finalized: state.finalized,
    },
    ...{ isSyncing: lag > 4, isOptimistic: trouble === "optimistic", elOffline: false, syncDistance: lag, peers: 50 },
    ...{ version: "bench", clientFamily: own.clientFamily, latencyMs: 5, isStreamOpen: true, headDelayMs: 0 },
    ...{ lastSeenAt: 0, warnings: [], labels: { host: own.host } },
  };
}

function groupStatus(
  group: string,
  of: readonly StartedNode[],
  chain: SimChain,
  isHit: boolean,
  branches: NonNullable<GroupStatus["branches"]>,
): GroupStatus {
  const nodes = of.map((node) => statusOf(node, isHit));
  const ready = nodes.filter(({ health, operator }) => health === "ready" && operator === "active");
  const [best] = ready.toSorted((a, b) => (b.head?.slot ?? 0) - (a.head?.slot ?? 0));
  return {
    ...{
      group,
      listen: { host: "127.0.0.1", port: 1 },
      nodes,
      requests: { total: 0, failed: 0, perSecond: 0, streams: 0 },
    },
    network: {
      ...{ configName: "sim", genesisTimeMs: chain.genesisTimeMs, slotDurationMs: chain.slotDurationMs },
      ...{ slotsPerEpoch: chain.slotsPerEpoch, genesisValidatorsRoot: chain.genesisValidatorsRoot },
    },
    view: {
      ...{ generation: 1, kind: best ? "serving" : "none", head: best?.head, justified: best?.justified },
      ...{ finalized: best?.finalized, ready: ready.map(({ node }) => node), fallback: [], signingInputs: [] },
      ...{ reason: undefined, changedAt: 0 },
    },
    ...(branches.length > 1 && { branches }),
  };
}

/** Nodes that hold different blocks at the last slot that all of them have reached, with support as the gateway counts it. */
function branchesOf(
  nodes: readonly StartedNode[],
  chain: SimChain,
  isHit: boolean,
): NonNullable<GroupStatus["branches"]> {
  const seen = nodes
    .filter(({ own }) => !isHit || (own.trouble !== "down" && own.trouble !== "frozen" && own.trouble !== "optimistic"))
    .map(({ own, sim }) => ({ own, head: sim.sight().head, finality: sim.sight().state }));
  const common = Math.min(...seen.map(({ head }) => head.slot));
  const sides = Map.groupBy(seen, ({ head }) => chain.ancestorAt(head, common).root);
  return [...sides.values()].map((side) => {
    const names = (part: number) => new Set(side.map(({ own }) => own.clientFamily.split("/")[part])).size;
    const [first] = side;
    return {
      ...{ root: first?.head.root ?? "", slot: first?.head.slot ?? 0, nodes: side.map(({ own }) => own.name) },
      ...{ support: Math.min(names(0), names(1)) },
      ...{ justifiedEpoch: first?.finality.justified.epoch, finalizedEpoch: first?.finality.finalized.epoch },
    };
  });
}
