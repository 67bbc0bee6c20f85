import { AppError } from "../lib/app-error.ts";
import type { ApiPorts, GatewayHand } from "./ports.ts";

/** Where something is to be done, as a path of the API names it. */
export interface Place {
  gateway: string;
  group: string;
  node?: string;
}

const mostNames = 20;

/**
 * The gateway of a place. Throws `AppError` `unknown-gateway`, `unknown-group` or `unknown-node`, each with the names that
 * exist. Of a gateway that cannot be reached nobody knows what it has now: the call itself then says so.
 */
export function requireGateway(ports: ApiPorts, place: Place): GatewayHand {
  const hand = ports.gateway(place.gateway);
  const { gateways } = ports.snapshot();
  if (!hand) {
    const names = gateways.map(({ name }) => name);
    throw unknown("gateway", place.gateway, names, names.length > 0 ? "Gateways" : "No gateway is configured", "");
  }
  const view = gateways.find(({ name }) => name === place.gateway);
  if (!view?.isReachable || !view.status) return hand;
  const { groups } = view.status;
  const group = groups.find((known) => known.group === place.group);
  if (!group)
    throw unknown(
      "group",
      place.group,
      groups.map((known) => known.group),
      "Groups",
      ` of gateway ${place.gateway}`,
    );
  const names = group.nodes.map(({ node }) => node);
  if (place.node !== undefined && !names.includes(place.node))
    throw unknown("node", place.node, names, "Nodes", ` of group ${place.group}`);
  return hand;
}

function unknown(what: string, name: string, names: readonly string[], title: string, of: string): AppError {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  const known = names.length === 0 ? `${title}.` : `${title}${of}: ${names.slice(0, mostNames).join(", ")}${more}.`;
  return new AppError(`There is no ${what} ${name}. ${known}`, { code: `unknown-${what}` });
}
