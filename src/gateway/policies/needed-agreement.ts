import type { GatewaySettings } from "../settings.ts";

/** How many nodes, of how many client families, must give the same source and target. */
export interface NeededAgreement {
  nodes: number;
  families: number;
}

/** What the setting asks of these ready nodes (their client families); one node, one family: the first good answer will do. */
export function neededAgreement(setting: GatewaySettings["agree"], families: readonly string[]): NeededAgreement {
  const one = { nodes: 1, families: 1 };
  if (setting === "off") return one;
  const known = countFamilies(families);
  if (setting === "auto") return known < 2 ? one : { nodes: Math.floor(families.length / 2) + 1, families: 2 };
  // A node that is away must not cost duties: then those that are left are enough.
  const nodes = Math.max(1, Math.min(setting.nodes, families.length));
  return { nodes, families: Math.max(1, Math.min(2, nodes, known)) };
}

/**
 * Client families that can fail apart: the smaller of distinct consensus and distinct execution clients ("teku/besu").
 * All unknown consensus clients count as one. An unknown execution client is no reason to leave the guard off: then the
 * consensus clients alone decide.
 */
export function countFamilies(families: readonly string[]): number {
  const consensus = new Set<string>();
  const execution = new Set<string>();
  for (const family of families) {
    const [cl = "unknown", el = "unknown"] = family.split("/");
    consensus.add(cl);
    execution.add(el);
  }
  return execution.has("unknown") ? consensus.size : Math.min(consensus.size, execution.size);
}
