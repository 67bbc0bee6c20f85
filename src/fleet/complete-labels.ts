import type { Labels } from "./sources/reading.ts";
import type { FleetHost } from "./validator-sources.ts";

/** Adds provider and region of the host that the labels name; what is written on the validator itself stays. */
export function completeLabels(labels: Labels, hosts: ReadonlyMap<string, FleetHost>): Labels {
  const host = labels["host"] === undefined ? undefined : hosts.get(labels["host"]);
  if (!host) return labels;
  const { provider, region } = host;
  return { ...(provider !== undefined && { provider }), ...(region !== undefined && { region }), ...labels };
}
