import { hash } from "node:crypto";

/** Names and values of what a fact or alert is about. An absent label and an empty one are the same. */
export type Labels = Readonly<Record<string, string>>;

/** The value of a label, "" where it is absent. Never a property that objects have by birth. */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
}

/** One text for one set of labels, whatever order they were written in; empty labels do not count. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(entriesOf(labels));
}

/** The same labels sorted by name, without the empty ones. */
export function trimLabels(labels: Labels): Labels {
  return Object.fromEntries(entriesOf(labels));
}

function entriesOf(labels: Labels): [string, string][] {
  const entries = Object.entries(labels).filter(([, value]) => value !== "");
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Stable over restarts and versions: 16 hex digits over all labels, never the alert's name alone. */
export function fingerprintOf(labels: Labels): string {
  return hash("sha256", labelKey(labels), "hex").slice(0, 16);
}

/** The named labels of a set; those that are absent or empty are left out. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.map((name) => [name, labelOf(labels, name)] as const).filter(([, value]) => value !== ""),
  );
}

/** Do they agree on every label that both carry? */
export function areCompatible(a: Labels, b: Labels): boolean {
  return Object.entries(a).every(([name, value]) => {
    const other = labelOf(b, name);
    return value === "" || other === "" || other === value;
  });
}

/** Does a set carry every label of another, with the same value? */
export function carries(labels: Labels, subset: Labels): boolean {
  return Object.entries(subset).every(([name, value]) => labelOf(labels, name) === value);
}
