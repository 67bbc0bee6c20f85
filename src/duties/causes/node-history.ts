import type { GatewayStatus } from "../../control/types.ts";
import { nodeKey } from "./scene.ts";
import type { HoldSpan, NodeSample } from "./types.ts";

/** States of nodes and holds over time, from the statuses of gateways. */
export interface NodeHistory {
  readonly nodes: ReadonlyMap<string, readonly NodeSample[]>;
  readonly holds: readonly HoldSpan[];
  see(gateway: string, status: GatewayStatus): void;
}

const mostSamples = 256;
const mostHolds = 64;
const mostNodes = 2_048;

export function createNodeHistory(): NodeHistory {
  const nodes = new Map<string, NodeSample[]>();
  let holds: HoldSpan[] = [];

  function seeNode(key: string, sample: NodeSample): void {
    const samples = nodes.get(key);
    if (!samples) {
      if (nodes.size < mostNodes) nodes.set(key, [sample]);
      return;
    }
    const last = samples.at(-1);
    if (last && isSame(last, sample)) return;
    samples.push(sample);
    if (samples.length > mostSamples) samples.shift();
  }

  return {
    nodes,
    get holds() {
      return holds;
    },
    see(gateway, { groups, at }) {
      for (const { group, nodes: statuses, hold } of groups) {
        for (const { node, health, reason, operator, isSyncing, isOptimistic, elOffline, peers } of statuses)
          seeNode(nodeKey(gateway, group, node), {
            ...{ at, health, reason, operator, isSyncing, isOptimistic, elOffline, peers },
          });
        const open = holds.find(
          (span) => span.gateway === gateway && span.group === group && span.untilAt === undefined,
        );
        if (open && open.fromAt !== hold?.at) open.untilAt = at;
        if (hold && open?.fromAt !== hold.at)
          holds = [
            ...holds,
            { gateway, group, reason: hold.reason, by: hold.by, fromAt: hold.at, untilAt: undefined },
          ].slice(-mostHolds);
      }
    },
  };
}

/** Peers come and go: only whether there are any makes a difference. */
function isSame(a: NodeSample, b: NodeSample): boolean {
  return (
    a.health === b.health &&
    a.reason === b.reason &&
    a.operator === b.operator &&
    a.isSyncing === b.isSyncing &&
    a.isOptimistic === b.isOptimistic &&
    a.elOffline === b.elOffline &&
    (a.peers === undefined) === (b.peers === undefined) &&
    (a.peers === 0) === (b.peers === 0)
  );
}
