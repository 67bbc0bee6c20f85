import { slotStartAt } from "../../chain/slot-clock.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { GroupStatus } from "../../control/types.ts";
import type { OfferGroup, OfferNode } from "./types.ts";

export interface Inventory {
  /** The host of a node, by the node's name. */
  hostOf(node: string): string | undefined;
  /** Validators behind a group. */
  validatorsOf(group: string): number | undefined;
}

/** The groups of all gateways as they were last seen; of a gateway that was never seen there are none. */
export function offerGroupsOf(gateways: readonly ObservedGateway[], inventory: Inventory): OfferGroup[] {
  return gateways.flatMap(({ name, isReachable, status }) =>
    (status?.groups ?? []).map((group) => ({
      ...{ gateway: name, group: group.group, isKnown: isReachable, hold: group.hold },
      validators: inventory.validatorsOf(group.group),
      nodes: nodesOf(group, inventory),
      proposals: proposalsOf(group),
    })),
  );
}

function nodesOf(group: GroupStatus, { hostOf }: Inventory): OfferNode[] {
  const { ready, signingInputs } = group.view;
  const astray = nodesAstray(group);
  return group.nodes.map(({ node, operator, health, clientFamily, labels }) => ({
    ...{ node, operator, clientFamily, labels, host: hostOf(node) },
    isReady: health === "unknown" ? undefined : ready.includes(node) && signingInputs.includes(node),
    differs: astray.has(node),
  }));
}

/** In a split that a person decided, the nodes of the other branches; in one that is open, all: nobody knows which is right. */
function nodesAstray({ branches = [], chosenBranch }: GroupStatus): Set<string> {
  if (branches.length < 2) return new Set();
  return new Set(branches.filter(({ root }) => root !== chosenBranch?.root).flatMap(({ nodes }) => nodes));
}

function proposalsOf({ proposals = [], network }: GroupStatus): OfferGroup["proposals"] {
  if (!network) return [];
  const { slotDurationMs, slotsPerEpoch, genesisTimeMs } = network;
  const timing = { spec: { slotDurationMs, slotsPerEpoch }, genesis: { genesisTimeMs } };
  return proposals.map(({ slot }) => ({ slot, at: slotStartAt(timing, slot) }));
}
