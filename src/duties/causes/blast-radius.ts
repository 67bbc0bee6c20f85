/** `lost` of the window's losses are of this cohort, of which `share` were lost; `lift` against everybody else's share. */
export interface BlastRadiusLabel {
  labels: Readonly<Record<string, string>>;
  lost: number;
  assigned: number;
  share: number;
  /** Share of all losses that it explains. */
  explains: number;
  lift: number;
}

/** One watched validator over the window. */
export interface ValidatorLosses {
  labels: Readonly<Record<string, string>>;
  assigned: number;
  lost: number;
}

/** Labels are shown that explain at least this much of the losses, at this multiple of everybody else's share. */
const leastExplained = 0.25;
const leastLift = 2;
/** Nobody else loses anything: as if they had lost one duty too, so that more evidence gives more lift. */
const pseudoLost = 1;
const mostShown = 5;
/** Keys with more values than this name single validators, not what they share. */
const mostValues = 10_000;

interface Tally {
  labels: Readonly<Record<string, string>>;
  lost: number;
  assigned: number;
}

/**
 * Which one or two labels explain the losses best. A cohort's score is what it explains of the losses beyond what chance
 * would give it: its losses minus those it would have at everybody's average share. Of cohorts that score alike the smaller
 * one wins, and two labels are named only where they say clearly more than either alone.
 */
export function blastRadius(validators: readonly ValidatorLosses[]): readonly BlastRadiusLabel[] {
  const all = { lost: 0, assigned: 0 };
  for (const { lost, assigned } of validators) {
    all.lost += lost;
    all.assigned += assigned;
  }
  if (all.lost === 0) return [];
  const keys = sharedKeys(validators);
  const single = scored(
    tallies(
      validators,
      keys.map((key) => [key]),
    ),
    all,
  );
  const pairs = pairsOf(keys);
  const double = scored(tallies(validators, pairs), all).filter((pair) => saysMore(pair, single));
  return [...single, ...double].sort(best).filter(isFirstOfItsLosses).slice(0, mostShown);
}

/** Label keys of which several validators share a value. */
function sharedKeys(validators: readonly ValidatorLosses[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of validators)
    for (const [key, value] of Object.entries(labels)) {
      const known = values.get(key) ?? new Set();
      if (known.size <= mostValues) known.add(value);
      values.set(key, known);
    }
  return [...values].filter(([, known]) => known.size <= mostValues).map(([key]) => key);
}

function pairsOf(keys: readonly string[]): (readonly string[])[] {
  return keys.flatMap((a, index) => keys.slice(index + 1).map((b) => [a, b]));
}

function tallies(validators: readonly ValidatorLosses[], sets: readonly (readonly string[])[]): Tally[] {
  const found: Tally[] = [];
  for (const keys of sets) {
    const byValue = new Map<string, Tally>();
    for (const { labels, lost, assigned } of validators) {
      const values = keys.map((key) => labels[key]);
      if (values.includes(undefined)) continue;
      const name = values.join("\u0000");
      let tally = byValue.get(name);
      if (!tally) {
        tally = {
          labels: Object.fromEntries(keys.map((key, at) => [key, values[at] as string])),
          lost: 0,
          assigned: 0,
        };
        byValue.set(name, tally);
      }
      tally.lost += lost;
      tally.assigned += assigned;
    }
    found.push(...byValue.values());
  }
  return found;
}

function scored(found: readonly Tally[], all: { lost: number; assigned: number }): BlastRadiusLabel[] {
  return found.flatMap(({ labels, lost, assigned }) => {
    // A cohort of everybody explains nothing.
    if (assigned === 0 || assigned >= all.assigned) return [];
    const share = lost / assigned;
    const others = (all.lost - lost + pseudoLost) / (all.assigned - assigned + pseudoLost);
    const label = { labels, lost, assigned, share, explains: lost / all.lost, lift: share / others };
    return label.explains >= leastExplained && label.lift >= leastLift ? [label] : [];
  });
}

/** How much of the losses it explains, times how much of it is lost: 1 where all of it is lost, and nothing else is. */
const score = ({ explains, share }: BlastRadiusLabel): number => explains * share;
const size = ({ labels }: BlastRadiusLabel): number => Object.keys(labels).length;

function best(a: BlastRadiusLabel, b: BlastRadiusLabel): number {
  return score(b) - score(a) || size(a) - size(b) || a.assigned - b.assigned || nameOf(a).localeCompare(nameOf(b));
}

/** Two labels must beat each of theirs alone by so much: else the simpler statement stands. */
const gain = 1.25;

function saysMore(pair: BlastRadiusLabel, single: readonly BlastRadiusLabel[]): boolean {
  return single.every((one) => {
    const isPart = Object.entries(one.labels).every(([key, value]) => pair.labels[key] === value);
    return !isPart || score(pair) > gain * score(one);
  });
}

/** Of labels that name the very same losses of the very same duties, the first stands for all. */
function isFirstOfItsLosses(label: BlastRadiusLabel, at: number, all: readonly BlastRadiusLabel[]): boolean {
  return !all.slice(0, at).some(({ lost, assigned }) => lost === label.lost && assigned === label.assigned);
}

const nameOf = ({ labels }: BlastRadiusLabel): string => Object.entries(labels).join();
