import { labelKey } from "../../alerts/labels.ts";
import type { Rule } from "../../alerts/rule.ts";
import type { SlotkeeperConfig } from "../config.ts";
import { changed, namedChanges, type ConfigChange } from "./named-changes.ts";

type Parts = Pick<SlotkeeperConfig, "respond" | "channels" | "heartbeat">;

/** Changes of alarms and people. All of them are taken over while running: what is open goes on by the new settings. */
export function respondChanges(before: Parts, after: Parts): ConfigChange[] {
  const [a, b] = [before.respond, after.respond];
  const live = (path: string, from: unknown, to: unknown) => changed(path, "live", from, to);
  const named = (path: string, from: readonly { name: string }[], to: readonly { name: string }[]) =>
    namedChanges(path, from, to, () => "live", "live");
  return [
    ...named("alerts.rules", a.rules.map(comparableRule), b.rules.map(comparableRule)),
    ...live("alerts.grouping", a.grouping, b.grouping),
    ...live("alerts.routes", a.routes, b.routes),
    ...live("alerts.inhibit", a.inhibitRules, b.inhibitRules),
    ...live("alerts.maintenance", a.mutes, b.mutes),
    ...live("alerts.throttle", a.throttle, b.throttle),
    ...live("alerts.fallbacks", a.fallbacks, b.fallbacks),
    ...live("alerts.heartbeat", before.heartbeat, after.heartbeat),
    ...live("alerts.closeUntakenAfter", a.closeUntakenAfterMs, b.closeUntakenAfterMs),
    ...named("channels", before.channels, after.channels),
    ...named("people", a.people, b.people),
    ...named("onCall.schedules", a.schedules, b.schedules),
    ...named("onCall.policies", a.policies, b.policies),
  ];
}

/** A compiled condition cannot be compared; its text says the same. */
function comparableRule({ condition: _, ...rule }: Rule): Omit<Rule, "condition"> & { name: string } {
  return { ...rule, name: `${rule.alert}${labelKey(rule.labels)}` };
}
