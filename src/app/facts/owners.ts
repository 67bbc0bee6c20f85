import type { Fact } from "../../alerts/fact.ts";
import { labelKey, pickLabels, type Labels } from "../../alerts/labels.ts";
import type { WatchedFleet } from "../duties/watched-set.ts";

/**
 * The validators by some of their labels, each in exactly one set, so that one missed block is one alert and not one for
 * each label that it has.
 */
export interface Owners {
  /** One for each combination of values; `{}` for those without any of the labels, always there. */
  sets: readonly Labels[];
  /** Position in `sets` by validator index. */
  of(validatorIndex: number): number;
}

/** More combinations than these are counted as the set without labels. */
export const maxOwnerSets = 1_000;

export function ownersBy(byIndex: WatchedFleet["byIndex"], names: readonly string[]): Owners {
  const sets: Labels[] = [{}];
  const places = new Map<string, number>([[labelKey({}), 0]]);
  // Validators of one source share their label object.
  const known = new Map<Labels, number>();
  const placeOf = (labels: Labels): number => {
    const seen = known.get(labels);
    if (seen !== undefined) return seen;
    const picked = pickLabels(labels, names);
    const key = labelKey(picked);
    let place = places.get(key);
    if (place === undefined) {
      place = sets.length < maxOwnerSets ? sets.push(picked) - 1 : 0;
      places.set(key, place);
    }
    known.set(labels, place);
    return place;
  };
  for (const { labels } of byIndex.values()) placeOf(labels);
  return { sets, of: (index) => placeOf(byIndex.get(index)?.labels ?? none) };
}

const none: Labels = {};

/** A fact for each set with how many of the named validators are in it, 0 where none is; one named twice counts twice. */
export function countFacts(name: string, { sets, of }: Owners, validators: Iterable<number>, at: number): Fact[] {
  const counts = new Array<number>(sets.length).fill(0);
  for (const index of validators) {
    const place = of(index);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return sets.map((labels, place) => ({ name, labels, value: counts[place] ?? 0, at }));
}
