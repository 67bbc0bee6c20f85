import { carries, labelKey, type Labels } from "../../alerts/labels.ts";
import type { SlotkeeperConfig } from "../config.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";
import { fleetOwners } from "./duty-events.ts";
import { subjectKeys } from "./kept-epoch.ts";

const mostRemoved = 1_000;

/** The parts of the configuration that name what alerts are about. */
export type SubjectConfig = Pick<SlotkeeperConfig, "nodes" | "groups" | "hosts" | "logs" | "monitor" | "gateway">;

/** What the configuration names, as labels of alerts. */
export function configuredSubjects({ nodes, groups, hosts, logs, monitor, gateway }: SubjectConfig): Labels[] {
  return [
    ...nodes.map(({ name }) => ({ node: name })),
    ...groups.map(({ name }) => ({ group: name })),
    ...hosts.map(({ name }) => ({ host: name })),
    ...logs.map(({ name }) => ({ log: name })),
    ...monitor.gateways.map(({ name }) => ({ gateway: name })),
    ...gateway.clients.map(({ name }) => ({ client: name })),
  ];
}

/** Customers, operators and whoever else facts about duties name, and their combinations. */
export function fleetSubjects(fleet: Pick<WatchedFleet, "byIndex" | "cohorts">): Labels[] {
  const { subjects, customersAndGroups } = fleetOwners(fleet);
  return [
    ...fleet.cohorts
      .filter(({ key }) => (subjectKeys as readonly string[]).includes(key))
      .flatMap(({ key, value }) => [{ [key]: value }, ...(key === "validatorClient" ? [{ client: value }] : [])]),
    ...[...subjects.sets, ...customersAndGroups.sets].filter((labels) => Object.keys(labels).length > 1),
  ];
}

/**
 * What is no longer there, added to what went before. Labels that something which is still there carries are left out: an
 * alert about that goes on.
 */
export function withRemoved(removed: readonly Labels[], before: readonly Labels[], now: readonly Labels[]): Labels[] {
  const present = new Set(now.map(labelKey));
  const gone = before.filter((labels) => !present.has(labelKey(labels)));
  const byKey = new Map([...removed, ...gone].map((labels) => [labelKey(labels), labels]));
  return [...byKey.values()].filter((labels) => !now.some((other) => carries(other, labels))).slice(-mostRemoved);
}
