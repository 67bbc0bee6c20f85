import type { TopologyWarning } from "./lint-topology.ts";
import type { NodeConfig } from "./types.ts";
import type { Customer } from "./validator.ts";
import type { FleetHost, FleetProvider, ValidatorSource } from "./validator-sources.ts";

export interface NamedThings {
  nodes: readonly NodeConfig[];
  validators: readonly ValidatorSource[];
  customers: readonly Customer[];
  hosts: readonly FleetHost[];
  providers: readonly FleetProvider[];
}

/**
 * Warns of names that nothing declares, where such things are declared at all: a misspelt host has no provider, a misspelt
 * customer no agreement. Labels of single validators are looked at when their source is read, not here.
 */
export function lintNames(config: NamedThings): TopologyWarning[] {
  const hosts = namesOf(config.hosts);
  const providers = namesOf(config.providers);
  const customers = namesOf(config.customers);
  const unless = (
    known: ReadonlySet<string> | undefined,
    name: string | undefined,
    warning: Pick<TopologyWarning, "reason" | "node" | "source">,
    where: string,
  ): TopologyWarning[] =>
    known === undefined || name === undefined || known.has(name) ? [] : [{ ...warning, detail: `${where}: ${name}` }];
  return [
    ...config.nodes.flatMap(({ name: node, host, provider }) => [
      ...unless(hosts, host, { reason: "undeclared-host", node }, node),
      ...unless(providers, provider, { reason: "undeclared-provider", node }, node),
    ]),
    ...config.hosts.flatMap(({ name, provider }) =>
      unless(providers, provider, { reason: "undeclared-provider" }, `host ${name}`),
    ),
    ...config.validators.flatMap(({ name: source, labels }) => [
      ...unless(hosts, labels["host"], { reason: "undeclared-host", source }, source),
      ...unless(providers, labels["provider"], { reason: "undeclared-provider", source }, source),
      ...unless(customers, labels["customer"], { reason: "undeclared-customer", source }, source),
    ]),
  ];
}

function namesOf(list: readonly { name: string }[]): ReadonlySet<string> | undefined {
  return list.length === 0 ? undefined : new Set(list.map(({ name }) => name));
}
