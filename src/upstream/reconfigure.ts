import { newNode, type GroupState, type NodeState } from "./state.ts";
import type { OperatorState, UpstreamGroupConfig, UpstreamNodeConfig } from "./types.ts";

/**
 * The state under a new config, and the nodes whose connections must end. Nodes that did not change keep what is known of
 * them; `operators` holds what operators set for nodes that are new here.
 */
export function reconfigured(
  state: GroupState,
  before: UpstreamGroupConfig,
  after: UpstreamGroupConfig,
  operators: Readonly<Record<string, OperatorState>>,
  now: number,
): { state: GroupState; toStop: string[] } {
  const old = new Map(before.nodes.map((node) => [node.name, node]));
  const isKept = (node: UpstreamNodeConfig) => {
    const known = old.get(node.name);
    return known !== undefined && isSameConnection(known, node);
  };
  const nodes = after.nodes.map((node) => {
    const known = state.nodes.find((each) => each.config.name === node.name);
    if (known !== undefined && isKept(node)) return { ...known, config: node };
    const operator = known?.operator ?? operators[node.name] ?? "active";
    // Another machine knows nothing of what validator clients told: that is replayed before it serves.
    const isJoining = state.hasServed && known?.config.url !== node.url;
    return { ...newNode(node, operator, now), needsGate: isJoining, isJoining } satisfies NodeState;
  });
  const kept = new Set(after.nodes.filter(isKept).map((node) => node.name));
  const isSameNetwork = JSON.stringify(before.network) === JSON.stringify(after.network);
  return {
    state: {
      ...state,
      name: after.name,
      expected: after.network,
      nodes,
      network: isSameNetwork ? state.network : undefined,
      startedAt: isSameNetwork ? state.startedAt : now,
    },
    toStop: before.nodes.map((node) => node.name).filter((name) => !kept.has(name)),
  };
}

function isSameConnection(a: UpstreamNodeConfig, b: UpstreamNodeConfig): boolean {
  return a.url === b.url && JSON.stringify(sorted(a.headers)) === JSON.stringify(sorted(b.headers));
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => a.localeCompare(b));
}
