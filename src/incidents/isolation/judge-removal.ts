import type { IncidentReasonCode } from "../reasons.ts";
import type { Place } from "./suspicion.ts";
import type { OfferGroup, OfferNode } from "./types.ts";

export interface RemovalVerdict {
  isAllowed: boolean;
  reason: IncidentReasonCode;
  why: string;
}

/** Nodes that can serve a known group's validators without those that are taken away. A node of unknown state serves nobody. */
export function readyWithout(group: OfferGroup, away: readonly OfferNode[]): OfferNode[] {
  return group.nodes.filter(
    (node) => node.isReady === true && node.operator === "active" && !node.differs && !away.includes(node),
  );
}

/** May these nodes leave service, all at once? Never where a group would be left without a node that can serve it. */
export function judgeRemoval(places: readonly Place[], verb: "cordon" | "drain"): RemovalVerdict {
  const unknown = places.find(
    ({ group, node }) => !group.isKnown || node.operator === undefined || node.isReady === undefined,
  );
  if (unknown) {
    const { group, node } = unknown;
    const what = group.isKnown ? `how ${node.node} stands in ${nameOf(group)}` : `how ${group.gateway} stands`;
    return refused("state-unknown", `Nobody knows ${what}. Bring it back into view first.`);
  }
  if (places.every(({ node }) => isOut(node, verb)))
    return refused("already-so", places.map(({ node }) => `${node.node} is ${operatorWord(node)}`).join(", "));
  for (const [group, of] of Map.groupBy(places, (place) => place.group)) {
    const away = of.map(({ node }) => node);
    if (readyWithout(group, away).length > 0) continue;
    const isLast = readyWithout(group, []).length > 0;
    const state = isLast
      ? `${nameOf(group)} would have no ready node on the served branch left`
      : `${nameOf(group)} has no ready node on the served branch`;
    return refused("last-ready-node", `${state}. If its validators should sign nothing, hold the group instead.`);
  }
  return {
    isAllowed: true,
    reason: "cannot-slash",
    why: "No key is started or moved: the validators stay with their client, and the gateway serves them from the nodes that are left.",
  };
}

export const nameOf = ({ group, gateway }: OfferGroup) => `${group} at ${gateway}`;

const operatorWord = ({ operator }: OfferNode) => (operator === "maintenance" ? "in maintenance" : operator);

function isOut({ operator }: OfferNode, verb: "cordon" | "drain"): boolean {
  return operator === "draining" || operator === "maintenance" || (verb === "cordon" && operator === "cordoned");
}

function refused(reason: IncidentReasonCode, why: string): RemovalVerdict {
  return { isAllowed: false, reason, why };
}
