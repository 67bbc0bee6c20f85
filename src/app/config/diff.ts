import { sameSettings } from "../../fleet/same-settings.ts";
import type { SlotkeeperConfig } from "../config.ts";
import { respondChanges } from "./diff-respond.ts";
import { changed, namedChanges, type ChangeEffect, type ConfigChange, type Fields } from "./named-changes.ts";

export type { ChangeEffect, ConfigChange };

type SettingEffect = ChangeEffect | ((before: unknown, after: unknown) => ChangeEffect);
type Compared = Omit<
  SlotkeeperConfig,
  | ("nodes" | "groups" | "references" | "validators" | "customers" | "hosts" | "providers" | "logs")
  // In `diff-respond.ts`.
  | ("respond" | "channels" | "heartbeat")
>;

/**
 * What each setting needs: `live` only where the running roles do take it over. Lists whose entries have names are
 * compared name by name, below.
 */
const effects: { [S in keyof Compared]: SettingEffect | { [K in keyof Compared[S]]: SettingEffect } } = {
  profile: "live",
  network: "restart",
  feeRecipients: "restart",
  prometheus: "live",
  relays: "live",
  duties: { enabled: "restart", retention: "restart", nodes: "restart" },
  server: { listen: "restart", publicUrl: "live", dataFolder: "restart", apiToken: "restart", logLevel: "live" },
  gateway: {
    name: "restart",
    control: controlEffect,
    metricsListen: "restart",
    allowDebugRoutes: "restart",
    allowFaults: "restart",
    agree: "restart",
    builderBoostPercent: "restart",
    clients: "live",
    requireKnownClients: "live",
    routes: "live",
    limits: "restart",
  },
  monitor: monitorEffect,
  store: "restart",
};

/** Every difference, and whether a running process can take it over. */
export function diffConfig(before: SlotkeeperConfig, after: SlotkeeperConfig): ConfigChange[] {
  return [
    ...settingChanges(before, after),
    ...namedChanges("nodes", before.nodes, after.nodes, () => "live", "live"),
    // A group that comes or goes opens or closes a listener; who serves behind it may change at any time.
    ...namedChanges("groups", before.groups, after.groups, groupEffect, "restart"),
    ...(["references", "validators", "customers", "hosts", "providers", "logs"] as const).flatMap((section) =>
      namedChanges(section, before[section], after[section], () => "live", "live"),
    ),
    ...respondChanges(before, after),
  ];
}

function settingChanges(before: SlotkeeperConfig, after: SlotkeeperConfig): ConfigChange[] {
  return Object.entries(effects).flatMap(([section, effect]) => {
    const [a, b] = [before[section as keyof Compared], after[section as keyof Compared]];
    if (typeof effect !== "object") return settingChange(section, effect, a, b);
    return Object.entries(effect as Record<string, SettingEffect>).flatMap(([key, keyEffect]) =>
      settingChange(`${section}.${key}`, keyEffect, (a as Fields)[key], (b as Fields)[key]),
    );
  });
}

function settingChange(path: string, effect: SettingEffect, a: unknown, b: unknown): ConfigChange[] {
  return changed(path, typeof effect === "string" ? effect : effect(a, b), a, b);
}

type Control = SlotkeeperConfig["gateway"]["control"];
type Monitor = SlotkeeperConfig["monitor"];

/** Other certificates of the same kind are taken over; everything else is what the listener was opened with. */
function controlEffect(a: unknown, b: unknown): ChangeEffect {
  const rest = ({ socket, remote }: Control) => ({ socket, remote: remote && { ...remote, tls: undefined } });
  const [before, after] = [a as Control, b as Control];
  const isSame = sameSettings(rest(before), rest(after));
  return isSame && isSameKind(before.remote?.tls, after.remote?.tls) ? "live" : "restart";
}

/** The next connection to a gateway is made with the new certificates. */
function monitorEffect(a: unknown, b: unknown): ChangeEffect {
  const rest = ({ gateways }: Monitor) => gateways.map((gateway) => ({ ...gateway, tls: undefined }));
  return sameSettings(rest(a as Monitor), rest(b as Monitor)) ? "live" : "restart";
}

function groupEffect(key: string, a: unknown, b: unknown): ChangeEffect {
  if (key === "members" || key === "routes") return "live";
  // Another certificate is taken over; TLS itself, and whether clients need a certificate, are what a listener is made with.
  return key === "tls" && isSameKind(a, b) ? "live" : "restart";
}

function isSameKind(a: unknown, b: unknown): boolean {
  return Object.keys(a ?? {}).join() === Object.keys(b ?? {}).join();
}
