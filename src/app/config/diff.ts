import { sameSettings } from "../../fleet/same-settings.ts";
import type { SlotkeeperConfig } from "../config.ts";

/** `live` is applied by a running process; `restart` waits until the process starts again. */
export type ChangeEffect = "live" | "restart";

export interface ConfigChange {
  /** As in "nodes.bn1.url" or "server.listen". */
  path: string;
  effect: ChangeEffect;
  /** For a person: JSON with secrets as `***`; "" where there was or is nothing. */
  from: string;
  to: string;
}

type SettingEffect = ChangeEffect | ((before: unknown, after: unknown) => ChangeEffect);
type Compared = Omit<
  SlotkeeperConfig,
  "nodes" | "groups" | "references" | "validators" | "customers" | "hosts" | "providers" | "logs"
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
  server: { listen: "restart", dataFolder: "restart", apiToken: "restart", logLevel: "live" },
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
  return change(path, typeof effect === "string" ? effect : effect(a, b), a, b);
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

type Fields = Readonly<Record<string, unknown>>;

function namedChanges(
  section: string,
  before: readonly { name: string }[],
  after: readonly { name: string }[],
  effectOf: (key: string, a: unknown, b: unknown) => ChangeEffect,
  entryEffect: ChangeEffect,
): ConfigChange[] {
  const names = new Set([...before, ...after].map(({ name }) => name));
  const changes = [...names].flatMap((name) => {
    const a = before.find((entry) => entry.name === name) as Fields | undefined;
    const b = after.find((entry) => entry.name === name) as Fields | undefined;
    if (!a || !b) return change(`${section}.${name}`, entryEffect, a, b);
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => change(`${section}.${name}.${key}`, effectOf(key, a[key], b[key]), a[key], b[key]));
  });
  return changes;
}

function change(path: string, effect: ChangeEffect, a: unknown, b: unknown): ConfigChange[] {
  if (sameSettings(a, b)) return [];
  return [
    { path, effect, from: a === undefined ? "" : JSON.stringify(a), to: b === undefined ? "" : JSON.stringify(b) },
  ];
}
