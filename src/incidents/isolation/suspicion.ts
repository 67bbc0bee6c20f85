import type { OfferGroup, OfferInput, OfferNode } from "./types.ts";

/** A node in one group of one gateway. */
export interface Place {
  group: OfferGroup;
  node: OfferNode;
}

export function placesOf(groups: readonly OfferGroup[]): Place[] {
  return groups.flatMap((group) => group.nodes.map((node) => ({ group, node })));
}

/** Does something point at this node: it is named, failed, on another branch, or has what the victims share? */
export function isSuspect({ group, node }: Place, { suspects, cohorts }: OfferInput): boolean {
  if (node.differs || (node.isReady === false && node.operator === "active")) return true;
  if (suspects.includes(node.node) || (node.host !== undefined && suspects.includes(node.host))) return true;
  return cohorts.some(({ labels }) => carriesWhatNodesHave(labels, group, node));
}

/** Labels that a node can have decide; those of validators alone (customer, operator) say nothing about it. A group alone is no hint. */
function carriesWhatNodesHave(
  labels: Readonly<Record<string, string>>,
  { gateway, group }: OfferGroup,
  { node, host, clientFamily, labels: more }: OfferNode,
): boolean {
  const own: Record<string, string> = { ...more, gateway, group, node, beacon: node };
  if (host !== undefined) own["host"] = host;
  const clients = clientFamily.split("/").filter((name) => name !== "unknown");
  const told = Object.entries(labels).filter(([name]) => name === "client" || Object.hasOwn(own, name));
  if (told.every(([name]) => name === "group" || name === "gateway")) return false;
  return told.every(([name, value]) =>
    name === "client" ? clients.includes(value.toLowerCase()) : own[name] === value,
  );
}

/** The groups that the victims share; all where they share none. */
export function groupsInQuestion({ groups, cohorts }: OfferInput): readonly OfferGroup[] {
  const named = groups.filter(({ group }) => cohorts.some(({ labels }) => labels["group"] === group));
  return named.length > 0 ? named : groups;
}
