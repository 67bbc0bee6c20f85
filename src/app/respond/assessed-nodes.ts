import type { Labels } from "../../alerts/labels.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { AssessedNode, SeenBranch } from "../../incidents/assessment/input.ts";

/** Nodes as the gateways that answer see them; seen by several, as most of them do. */
export function nodesOf(observed: readonly ObservedGateway[]): readonly AssessedNode[] {
  const seen = observed.flatMap(({ name, isReachable, status }) =>
    (isReachable ? (status?.groups ?? []) : []).flatMap(({ nodes }) =>
      nodes.map((node) => ({ ...node, gateway: name })),
    ),
  );
  const byNode = Map.groupBy(seen, ({ group, node }) => `${group}\u0000${node}`);
  return [...byNode.values()].flatMap((views) => {
    const ready = views.filter(({ health }) => health === "ready");
    const rest = views.filter(({ health }) => health !== "ready");
    return (ready.length > rest.length ? ready : rest).slice(0, 1);
  });
}

/** The sides of a split as the gateways name them, from the one that sees most. */
export function branchesOf(observed: readonly ObservedGateway[]): readonly SeenBranch[] {
  const seen = observed
    .flatMap(({ isReachable, status }) => (isReachable ? (status?.groups ?? []) : []))
    .map(({ branches = [] }) => branches);
  const most = seen.reduce((longest, branches) => (branches.length > longest.length ? branches : longest), []);
  return most.map(({ root, slot, nodes, support }) => ({ root, slot, nodes, independent: support }));
}

/** Labels `consensusClient` and `executionClient` of a group whose nodes all run the same one. */
export function clientLabels(observed: readonly ObservedGateway[]): (group: string | undefined) => Labels {
  const byGroup = Map.groupBy(nodesOf(observed), ({ group }) => group);
  const known = new Map<string, Labels>();
  for (const [group, nodes] of byGroup) {
    const sole = (part: 0 | 1) => {
      const names = new Set(nodes.map(({ clientFamily }) => clientFamily.split("/")[part] ?? "unknown"));
      const [name = "unknown"] = names;
      return names.size === 1 && name !== "unknown" ? name : undefined;
    };
    const [consensusClient, executionClient] = [sole(0), sole(1)];
    known.set(group, { ...(consensusClient && { consensusClient }), ...(executionClient && { executionClient }) });
  }
  return (group) => known.get(group ?? "") ?? {};
}
