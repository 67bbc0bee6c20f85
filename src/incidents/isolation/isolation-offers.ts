import { costsOfHold, costsOfRemoval } from "./costs.ts";
import { judgeRemoval, nameOf, type RemovalVerdict } from "./judge-removal.ts";
import { groupsInQuestion, isSuspect, placesOf, type Place } from "./suspicion.ts";
import type { IsolationOffer, IsolationStep, OfferGroup, OfferInput } from "./types.ts";

/** Of nodes; half as many of hosts, and of holds: more than a person can weigh. */
export const maxNodeOffers = 30;

/**
 * What can be isolated, and what must not be. About whatever something points at; about all of the groups in question where
 * nothing does. Holds after a slashing come first, then nodes, hosts and other holds; within each, what is allowed comes
 * first. `now`: ms since 1970.
 */
export function isolationOffers(input: OfferInput, now: number): IsolationOffer[] {
  const all = placesOf(input.groups);
  const pointedAt = all.filter((place) => isSuspect(place, input));
  const isSlashed = ({ group }: OfferGroup) => input.slashedGroups.includes(group);
  const slashed = input.groups.filter(isSlashed);
  const isAboutAll = pointedAt.length === 0 && slashed.length === 0;
  const places = isAboutAll ? placesOf(groupsInQuestion(input)) : pointedAt;
  const touched = isAboutAll ? groupsInQuestion(input) : [...new Set(places.map(({ group }) => group))];
  const hosts = [...new Set(places.flatMap(({ node }) => node.host ?? []))];
  const nodes = places.flatMap((place) => [nodeOffer("drain", place, now), nodeOffer("cordon", place, now)]);
  const holds = touched.filter((group) => !isSlashed(group)).map((group) => holdOffer(group, false, now));
  return [
    ...slashed.map((group) => holdOffer(group, true, now)),
    ...best(nodes, maxNodeOffers),
    ...best(
      hosts.map((host) => hostOffer(host, all, now)),
      maxNodeOffers / 2,
    ),
    ...best(holds, maxNodeOffers / 2),
  ];
}

function best(offers: readonly IsolationOffer[], most: number): IsolationOffer[] {
  return offers.toSorted((a, b) => Number(b.isAllowed) - Number(a.isAllowed)).slice(0, most);
}

const nodeVerbs = {
  cordon: "Sends nothing new to the node, at once, until a person returns it. It goes on running.",
  drain:
    "Takes the node out of service in order: what it built or is answering is finished first. Then it may be stopped; a person returns it.",
};

function nodeOffer(kind: "cordon" | "drain", place: Place, now: number): IsolationOffer {
  const { group, node } = place;
  return {
    id: idOf(kind, group.gateway, group.group, node.node),
    ...{ kind, target: `${node.node} in ${nameOf(group)}`, does: nodeVerbs[kind], costs: costsOfRemoval([place], now) },
    ...judgeRemoval([place], kind),
    steps: [{ kind, gateway: group.gateway, group: group.group, node: node.node }],
  };
}

function hostOffer(host: string, all: readonly Place[], now: number): IsolationOffer {
  const places = all.filter(({ node }) => node.host === host);
  const names = [...new Set(places.map(({ node }) => node.node))];
  const isIn = ({ node }: Place) => node.operator !== "draining" && node.operator !== "maintenance";
  const steps = places.filter(isIn).map(({ group, node }): IsolationStep => {
    return { kind: "drain", gateway: group.gateway, group: group.group, node: node.node };
  });
  return {
    ...{ id: idOf("take-out", host), kind: "take-out", target: host },
    does: `Drains every beacon node on ${host}: ${names.join(", ")}. The machine itself is left alone.`,
    costs: costsOfRemoval(places, now),
    ...judgeRemoval(places, "drain"),
    steps,
  };
}

function holdOffer(group: OfferGroup, isSlashed: boolean, now: number): IsolationOffer {
  return {
    ...{ id: idOf("hold", group.gateway, group.group), kind: "hold", target: nameOf(group) },
    does: "Withholds signing inputs: the validator clients of the group get 503 where they ask for something to sign, until a person releases it. Everything else is served.",
    costs: costsOfHold(group, now),
    ...judgeHold(group, isSlashed),
    steps: [{ kind: "hold", gateway: group.gateway, group: group.group }],
  };
}

function judgeHold(group: OfferGroup, isSlashed: boolean): RemovalVerdict {
  if (!group.isKnown)
    return {
      ...{ isAllowed: false, reason: "state-unknown" },
      why: `${group.gateway} does not answer, so nothing can be held there. Stop the validator clients of ${group.group} by hand if they must not sign.`,
    };
  if (group.hold)
    return { isAllowed: false, reason: "already-so", why: `Held by ${group.hold.by}: ${group.hold.reason}` };
  const why = "What is not signed cannot be slashed; missed duties cost little.";
  if (!isSlashed) return { isAllowed: true, reason: "hold-cannot-slash", why };
  return {
    ...{ isAllowed: true, reason: "hold-after-slashing" },
    why: `A validator of this group was slashed, and others may follow. ${why}`,
  };
}

function idOf(kind: string, ...names: readonly string[]): string {
  return [kind, ...names.map(encodeURIComponent)].join(":");
}
