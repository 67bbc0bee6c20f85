import type { DutyNode } from "../../duties/source/types.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import { resolveGroups } from "../../fleet/groups.ts";
import type { SlotkeeperConfig } from "../config.ts";

/** The nodes that duties are read from, in failover order, headers revealed. */
export function dutyNodes(config: SlotkeeperConfig): readonly DutyNode[] {
  const wanted = config.duties.nodes;
  const nodes = new Map<string, DutyNode>();
  for (const group of resolveGroups(config))
    for (const { name, url, headers } of group.nodes)
      if (!wanted || wanted.includes(name)) nodes.set(name, { name, url, headers });
  return [...nodes.values()];
}

/**
 * Which of these nodes may be asked, by what gateways and observers see of them: the ready ones; where none is, those that
 * at least answer, because numbers are needed most when nothing is in order. A node that nobody observes is tried.
 */
export function askableNodes(names: readonly string[], observed: readonly ObservedGateway[]): ReadonlySet<string> {
  const ready = new Set<string>();
  const answering = new Set<string>();
  const seen = new Set<string>();
  for (const { isReachable, status } of observed)
    for (const group of status?.groups ?? [])
      for (const { node, health } of group.nodes) {
        if (!isReachable) continue;
        seen.add(node);
        if (health === "ready") ready.add(node);
        if (health !== "down") answering.add(node);
      }
  const isUnseen = (name: string) => !seen.has(name);
  const best = names.filter((name) => ready.has(name));
  if (best.length > 0) return new Set(best);
  const next = names.filter((name) => answering.has(name) || isUnseen(name));
  return new Set(next.length > 0 ? next : names);
}
