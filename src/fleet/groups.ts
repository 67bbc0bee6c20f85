import type { z } from "zod";
import type { groupSchema } from "./config.ts";
import { revealHeaders } from "./secret.ts";
import type { GroupMember, NodeConfig, NodeGroup, ResolvedGroup } from "./types.ts";

type GroupInput = z.output<typeof groupSchema>;

/** Backups come after every primary node, whatever their priorities say: 999 is the highest that can be written. */
const backupOffset = 1000;
const defaultListen = { host: "127.0.0.1", port: 7381 };

/** The groups as written, or the one group that is meant when none is. Members are put in failover order. */
export function placeNodes(groups: readonly GroupInput[] | undefined, nodes: readonly { name: string }[]): NodeGroup[] {
  const everyNode = nodes.map(({ name }) => ({ node: name, priority: 0, role: "primary" as const }));
  if (!groups) return [{ name: "default", listen: defaultListen, members: everyNode }];
  return groups.map((group) => ({
    name: group.name,
    listen: group.listen,
    members: inFailoverOrder(group.nodes?.map(withRole) ?? everyNode),
    ...(group.routes && { routes: group.routes }),
  }));
}

function withRole(member: GroupMember): GroupMember {
  return member.role === "backup" ? { ...member, priority: member.priority + backupOffset } : member;
}

function inFailoverOrder(members: readonly GroupMember[]): GroupMember[] {
  return members.toSorted((a, b) => a.priority - b.priority);
}

/**
 * Each group with its nodes filled in and headers revealed, in failover order. Names that no node has are left out; a
 * configuration that was loaded has none.
 */
export function resolveGroups(config: { nodes: readonly NodeConfig[]; groups: readonly NodeGroup[] }): ResolvedGroup[] {
  const byName = new Map(config.nodes.map((node) => [node.name, node]));
  return config.groups.map(({ name, listen, members }) => ({
    name,
    listen,
    nodes: members.flatMap(({ node: nodeName, priority, role }) => {
      const node = byName.get(nodeName);
      return node ? [{ ...node, labels: nodeLabels(node), headers: revealHeaders(node.headers), priority, role }] : [];
    }),
  }));
}

/** Keys that the inventory fills itself: an operator may not write them as free labels. */
export const inventoryLabels = ["node", "client", "executionClient", "host", "provider", "region"] as const;

/** The node's own labels and what the inventory says of it, so that pages and alarms group by either. */
export function nodeLabels(node: Omit<NodeConfig, "headers">): Record<string, string> {
  const labels: Record<string, string> = { ...node.labels };
  for (const key of ["client", "executionClient", "host", "provider", "region"] as const) {
    const value = node[key];
    if (value !== undefined) labels[key] = value;
  }
  return labels;
}
