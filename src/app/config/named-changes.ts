import { sameSettings } from "../../fleet/same-settings.ts";

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

export type Fields = Readonly<Record<string, unknown>>;

/** Compared name by name: `entryEffect` is that of an entry that comes or goes, `effectOf` that of each key. */
export function namedChanges(
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
    if (!a || !b) return changed(`${section}.${name}`, entryEffect, a, b);
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => changed(`${section}.${name}.${key}`, effectOf(key, a[key], b[key]), a[key], b[key]));
  });
  return changes;
}

/** The change of one setting, or none. */
export function changed(path: string, effect: ChangeEffect, a: unknown, b: unknown): ConfigChange[] {
  if (sameSettings(a, b)) return [];
  return [
    { path, effect, from: a === undefined ? "" : JSON.stringify(a), to: b === undefined ? "" : JSON.stringify(b) },
  ];
}
