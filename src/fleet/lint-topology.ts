import type { FleetReasonCode } from "./reasons.ts";
import { consensusClients, type NodeConfig, type NodeGroup } from "./types.ts";

/** A weakness of a valid configuration. `group` or `node` says where. */
export interface TopologyWarning {
  reason: FleetReasonCode;
  group?: string;
  node?: string;
  /** A source of validators. */
  source?: string;
  detail: string;
}

const executionClients = ["geth", "nethermind", "besu", "erigon", "reth", "ethrex", "nimbus", "ethereumjs"];

/** What a group's nodes must not all share, by the key that says so. */
const sharedRules = [
  { key: "host", reason: "shared-host" },
  { key: "provider", reason: "shared-provider" },
  { key: "client", reason: "shared-client" },
  { key: "executionClient", reason: "shared-execution-client" },
] as const;

/** Warns of what one failure takes down whole. Only what the operator wrote is judged: an unwritten host is not a shared one. */
export function lintTopology(config: {
  nodes: readonly NodeConfig[];
  groups: readonly NodeGroup[];
}): TopologyWarning[] {
  const byName = new Map(config.nodes.map((node) => [node.name, node]));
  const used = new Set(config.groups.flatMap((group) => group.members.map((member) => member.node)));
  return [
    ...config.groups.flatMap((group) => lintGroup(group, byName)),
    ...config.nodes
      .filter((node) => !used.has(node.name))
      .map((node) => ({ reason: "unused-node" as const, node: node.name, detail: `${node.name} is in no group` })),
    ...config.nodes.flatMap(lintClientNames),
  ];
}

function lintGroup(group: NodeGroup, byName: ReadonlyMap<string, NodeConfig>): TopologyWarning[] {
  const nodes = group.members.flatMap((member) => byName.get(member.node) ?? []);
  const [first] = nodes;
  if (!first) return [];
  if (nodes.length === 1)
    return [
      { reason: "single-node-group", group: group.name, detail: `only ${first.name} serves group ${group.name}` },
    ];
  const warnings: TopologyWarning[] = [];
  for (const { key, reason } of sharedRules) {
    const value = first[key];
    if (value === undefined || nodes.some((node) => node[key]?.toLowerCase() !== value.toLowerCase())) continue;
    warnings.push({ reason, group: group.name, detail: `${nodes.map((node) => node.name).join(", ")}: ${value}` });
  }
  if (group.members.every((member) => member.role === "backup"))
    warnings.push({ reason: "only-backups", group: group.name, detail: `group ${group.name} has no primary node` });
  return warnings;
}

function lintClientNames(node: NodeConfig): TopologyWarning[] {
  const { client, executionClient } = node;
  const unknown: string[] = [];
  if (client !== undefined && !(consensusClients as readonly string[]).includes(client.toLowerCase()))
    unknown.push(client);
  if (executionClient !== undefined && !executionClients.includes(executionClient.toLowerCase()))
    unknown.push(executionClient);
  return unknown.map((name) => ({ reason: "unknown-client", node: node.name, detail: `${node.name}: ${name}` }));
}
