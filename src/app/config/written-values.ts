import { didYouMean } from "./did-you-mean.ts";
import type { ConfigPath, Finding } from "./problem.ts";
import type { ConfigReasonCode } from "./reasons.ts";
import { valueAt } from "./zod-findings.ts";

/** The file as it was written, for the checks that look across it; what has another shape is passed over. */

export interface Entry {
  path: ConfigPath;
  text: string;
}

export function listAt(data: unknown, path: ConfigPath): { path: ConfigPath; value: unknown }[] {
  const list = valueAt(data, path);
  return Array.isArray(list) ? list.map((value: unknown, i) => ({ path: [...path, i], value })) : [];
}

export function textsOf(data: unknown, list: ConfigPath, key: string): Entry[] {
  return listAt(data, list).flatMap(({ path, value }) => {
    const text = valueAt(value, [key]);
    return typeof text === "string" ? [{ path: [...path, key], text }] : [];
  });
}

/** Every entry after the first with the same key, together with the first. */
export function repeats(entries: readonly Entry[], keyOf: (text: string) => string): { entry: Entry; first: Entry }[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = keyOf(entry.text);
    const first = seen.get(key);
    if (first) return [{ entry, first }];
    seen.set(key, entry);
    return [];
  });
}

export function found(path: ConfigPath, code: ConfigReasonCode, message: string, fix: string): Finding {
  return { path, code, message, fix };
}

/** Those that are not among the known names of a kind of thing, such as "node". */
export function unknownNames(what: string, entries: readonly Entry[], names: readonly string[]): Finding[] {
  return entries
    .filter(({ text }) => !names.includes(text))
    .map(({ path, text }) => {
      const meant = didYouMean(text, names);
      const known = names.length > 20 ? `${names.slice(0, 20).join(", ")}, …` : names.join(", ");
      const fix = meant ? `Did you mean "${meant}"?` : `Known ${pluralOf(what)}: ${known || "none"}.`;
      return found(path, what === "node" ? "unknown-node" : "unknown-name", `there is no ${what} "${text}"`, fix);
    });
}

function pluralOf(what: string): string {
  if (what === "person") return "people";
  return what.endsWith("y") ? `${what.slice(0, -1)}ies` : `${what}s`;
}
