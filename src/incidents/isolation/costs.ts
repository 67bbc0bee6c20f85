import { duration } from "../../lib/amounts.ts";
import { nameOf, readyWithout } from "./judge-removal.ts";
import type { Place } from "./suspicion.ts";
import type { OfferGroup, OfferNode } from "./types.ts";

/** What it costs when these nodes leave: who is left, and which own blocks are near. `now`: ms since 1970. */
export function costsOfRemoval(places: readonly Place[], now: number): string {
  const byGroup = [...Map.groupBy(places, ({ group }) => group)];
  return byGroup
    .map(([group, of]) => {
      const away = of.map(({ node }) => node);
      return `${nameOf(group)}: ${leftOf(group, away)}; ${proposalsSoon(group, now)}.`;
    })
    .join(" ");
}

/** What it costs to hold a group. */
export function costsOfHold(group: OfferGroup, now: number): string {
  const { validators } = group;
  const attestations =
    validators === undefined
      ? "Withholds one attestation of each of its validators every epoch; how many there are is not known"
      : `Withholds ${validators} ${validators === 1 ? "attestation" : "attestations"} each epoch`;
  return `${attestations}; ${proposalsSoon(group, now)}.`;
}

function leftOf(group: OfferGroup, away: readonly OfferNode[]): string {
  if (!group.isKnown) return "not known who is left";
  const left = readyWithout(group, away);
  if (left.length === 0) return "no ready node left";
  const names = left.slice(0, 3).map(({ node }) => node);
  const rest = left.length > names.length ? ` and ${left.length - names.length} more` : "";
  const spare = left.length === 1 ? ", and no spare" : "";
  return `${left.length} ready ${left.length === 1 ? "node" : "nodes"} left (${names.join(", ")}${rest})${spare}`;
}

function proposalsSoon({ proposals }: OfferGroup, now: number): string {
  const coming = proposals.filter(({ at }) => at >= now).sort((a, b) => a.at - b.at);
  const [next] = coming;
  if (!next) return "no own proposal known to come";
  const count = coming.length === 1 ? "1 own proposal" : `${coming.length} own proposals`;
  return `${count} soon, the next in slot ${next.slot} in ${duration(next.at - now)}`;
}
