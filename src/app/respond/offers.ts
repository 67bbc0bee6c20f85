import type { DutyPorts } from "../../api/ports-duties.ts";
import type { ObservedGateway } from "../../control/observed-gateway.ts";
import type { GroupStatus } from "../../control/types.ts";
import { revealContent } from "../../incidents/content.ts";
import { isolationOffers } from "../../incidents/isolation/isolation-offers.ts";
import type { IsolationOffer, OfferGroup, OfferNode } from "../../incidents/isolation/types.ts";
import type { Incident } from "../../incidents/types.ts";
import type { HostState } from "../../signals/hosts/host-state.ts";
import type { SlotkeeperConfig } from "../config.ts";

export interface OfferSources {
  config(): Pick<SlotkeeperConfig, "nodes" | "monitor">;
  observed(): readonly ObservedGateway[];
  hosts(): readonly HostState[];
  /** Validators whose label `group` names a group of nodes, by that name. */
  validatorsBehind(group: string): number | undefined;
  nextProposals(): readonly { slot: number; at: number; group: string | undefined }[];
  now(): number;
}

/** What could be isolated for an incident now, with what it would cost. */
export function offersFor(incident: Incident, sources: OfferSources): readonly IsolationOffer[] {
  const now = sources.now();
  const { assessment, labelSets } = revealContent(incident, "verb");
  const proposals = sources.nextProposals();
  const groups = sources.observed().flatMap((observed) => {
    const isKnown = observed.isReachable && observed.status !== undefined;
    return (observed.status?.groups ?? []).map((group) =>
      offerGroup(observed.name, group, isKnown, sources, proposals),
    );
  });
  const nodes = groups.flatMap((group) => group.nodes);
  const suspects = [
    // What the incident is about, also once it was isolated or is well again: no other node comes in its place.
    ...labelSets.flatMap(({ node, host }) => [node ?? [], host ?? []].flat()),
    ...nodes.filter(({ isReady, differs }) => isReady === false || differs).map(({ node }) => node),
    ...sources
      .hosts()
      .filter(({ verdict }) => verdict === "bad")
      .map(({ name }) => name),
  ];
  return isolationOffers(
    {
      ...{ groups, suspects, cohorts: assessment?.cohorts ?? [] },
      slashedGroups: incident.type === "slashing" ? incident.holds.map(({ group }) => group) : [],
    },
    now,
  );
}

function offerGroup(
  gateway: string,
  status: GroupStatus,
  isKnown: boolean,
  sources: OfferSources,
  proposals: ReturnType<OfferSources["nextProposals"]>,
): OfferGroup {
  const { nodes: configured } = sources.config();
  const branch = status.view.head?.root;
  const apart = new Set(
    (status.branches ?? [])
      .filter(({ root }) => root !== (status.chosenBranch?.root ?? branch))
      .flatMap(({ nodes }) => nodes),
  );
  const isSplit = (status.branches ?? []).length > 1;
  return {
    ...{ gateway, group: status.group, isKnown, hold: status.hold },
    nodes: status.nodes.map(({ node, operator, health, clientFamily, labels }): OfferNode => {
      const host = configured.find(({ name }) => name === node)?.host;
      return {
        ...{ node, operator: isKnown ? operator : undefined, isReady: isKnown ? health === "ready" : undefined },
        ...{ host, clientFamily, differs: isSplit && apart.has(node), labels },
      };
    }),
    validators: sources.validatorsBehind(status.group),
    proposals: proposals.filter(({ group }) => group === undefined || group === status.group),
  };
}

/** Own proposals that are known to come, with the group of nodes that serves them where the inventory says. */
export function readProposals(
  ports: Pick<DutyPorts, "next">,
  groupOf: (index: number) => string | undefined,
): { slot: number; at: number; group: string | undefined }[] {
  const { duties } = ports.next();
  return duties
    .filter(({ kind }) => kind === "proposal")
    .map(({ slot, at, validatorIndex }) => ({ slot, at, group: groupOf(validatorIndex) }));
}
