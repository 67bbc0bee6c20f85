import { knownLabels, type FleetValidator } from "./validator.ts";

/** Everybody of the watched set who carries one label. */
export interface Cohort {
  key: string;
  value: string;
  /** Positions in the watched indices, rising. */
  members: Uint32Array;
}

export interface CohortSet {
  /** The labels that have a meaning first, then by name; within a key the largest first. */
  cohorts: readonly Cohort[];
  /** Values that are not followed as a cohort, by key: a label with a value of its own for each validator is no cohort. */
  cut: readonly { key: string; values: number }[];
}

export const maxValuesPerKey = 500;
export const maxCohorts = 2_000;

/**
 * The cohorts of a watched set. `indices` rise and are the watched validators' indices; whoever of `validators` is not
 * among them is left out. Cheap for 100,000 validators: those with one label object are grouped before labels are looked at.
 */
export function cohortsOf(validators: readonly FleetValidator[], indices: Uint32Array): CohortSet {
  const positions = positionsByLabels(validators, indices);
  const byKey = new Map<string, Map<string, Uint32Array[]>>();
  for (const [labels, members] of positions)
    for (const [key, value] of Object.entries(labels)) {
      let values = byKey.get(key);
      if (!values) byKey.set(key, (values = new Map<string, Uint32Array[]>()));
      const parts = values.get(value);
      if (parts) parts.push(members);
      else values.set(value, [members]);
    }
  const cohorts: Cohort[] = [];
  const cut: { key: string; values: number }[] = [];
  for (const key of [...byKey.keys()].sort(knownFirst)) {
    const sized = [...(byKey.get(key) ?? [])].map(([value, parts]) => ({ value, parts, size: sizeOf(parts) }));
    sized.sort((a, b) => b.size - a.size || (a.value < b.value ? -1 : 1));
    const kept = sized.slice(0, Math.min(maxValuesPerKey, maxCohorts - cohorts.length));
    for (const { value, parts } of kept) cohorts.push({ key, value, members: joined(parts) });
    if (kept.length < sized.length) cut.push({ key, values: sized.length - kept.length });
  }
  return { cohorts, cut };
}

/** The indices of an inventory, rising: the watched set. */
export function watchedIndices(validators: readonly FleetValidator[]): Uint32Array {
  return Uint32Array.from(validators.flatMap(({ index }) => index ?? [])).sort();
}

function positionsByLabels(
  validators: readonly FleetValidator[],
  indices: Uint32Array,
): Map<FleetValidator["labels"], Uint32Array> {
  const positionOf = new Map<number, number>();
  indices.forEach((index, position) => positionOf.set(index, position));
  const found = new Map<FleetValidator["labels"], number[]>();
  for (const { index, labels } of validators) {
    const position = index === undefined ? undefined : positionOf.get(index);
    if (position === undefined) continue;
    const members = found.get(labels);
    if (members) members.push(position);
    else found.set(labels, [position]);
  }
  return new Map([...found].map(([labels, members]) => [labels, Uint32Array.from(members)]));
}

function knownFirst(a: string, b: string): number {
  const rank = (key: string) => {
    const at = (knownLabels as readonly string[]).indexOf(key);
    return at === -1 ? knownLabels.length : at;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function sizeOf(parts: readonly Uint32Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const members = new Uint32Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    members.set(part, at);
    at += part.length;
  }
  return members.sort();
}
