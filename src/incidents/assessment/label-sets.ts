import { labelKey, type Labels } from "../../alerts/labels.ts";
import { chanceOf } from "./fisher.ts";
import type { LabelCount, Victim } from "./input.ts";
import type { VictimCohort } from "./types.ts";

/** A set must explain so much of the victims. */
export const leastCoverage = 0.9;
/** Larger sets say too much to be believed, and too much to be read. */
const mostLabels = 3;
/** Among so many labels that (nearly) all victims share, combinations are looked at. */
const mostShared = 12;
const mostShown = 5;
/** What chance gives more often than that explains nothing. */
const leastChance = 0.001;
/** Small fleets: nearly all inside and nearly none outside is clear without statistics. */
const [nearlyAll, nearlyNone] = [0.9, 0.1];
/** A label more must name the victims so much more densely: else the shorter statement stands. */
const gain = 1.25;

export interface LabelSetInput {
  watched: readonly LabelCount[];
  victims: readonly Pick<Victim, "labels">[];
  /** Chance that a validator is among the victims on a usual day: these outside a set do not speak against it. */
  ordinaryRate: number;
  /** Label values of what is seen to be broken (a node, a host): they decide between sets that explain alike. */
  suspects?: ReadonlySet<string>;
}

interface Sums {
  validators: number;
  victims: number;
}

type Row = Sums & { labels: Labels };

interface Candidate extends VictimCohort {
  /** Bits of the shared labels that it is made of. */
  mask: number;
  size: number;
}

/**
 * The label sets that explain at least 90 % of the victims, best first: the smallest that names them most densely. A label
 * that everybody carries, or whose victims chance alone would give it, explains nothing. Empty where no set does.
 */
export function labelSets(input: LabelSetInput): readonly VictimCohort[] {
  const rows = rowsOf(input);
  const all = sumOf(rows);
  if (all.victims < 2 || all.victims >= all.validators) return [];
  const shared = sharedLabels(rows, all, input.ordinaryRate);
  const masks = tallyMasks(rows, shared);
  const found: Candidate[] = [];
  for (const mask of masksUpTo(shared.length)) {
    const tally = sumOf(masks.filter((has) => (has.mask & mask) === mask));
    if (!isCovered(tally, all, input.ordinaryRate) || tally.validators >= all.validators) continue;
    const inner = found.filter((part) => (part.mask & mask) === part.mask);
    const [coverage, density] = [tally.victims / all.victims, tally.victims / tally.validators];
    const candidate = { ...tally, ...describe(mask, shared), mask, coverage, density };
    if (!isTelling(candidate, all) || !inner.every((part) => saysMore(candidate, part))) continue;
    found.push(candidate);
  }
  return alike(found.sort((a, b) => better(a, b, input.suspects)))
    .slice(0, mostShown)
    .map(({ labels, coverage, density, victims, validators }) => ({ labels, coverage, density, victims, validators }));
}

/** The best, and those that explain nearly as well; of sets that name the very same validators, only the shortest. */
function alike(sorted: readonly Candidate[]): readonly Candidate[] {
  const [best] = sorted;
  if (!best) return [];
  const near = sorted.filter((candidate) => scoreOf(candidate) * gain >= scoreOf(best));
  const names = (a: Candidate, b: Candidate) => a.victims === b.victims && a.validators === b.validators;
  return near.filter((candidate) => !near.some((other) => names(other, candidate) && other.size < candidate.size));
}

/** Sums add up in any order, so that nobody with equal labels must be found: 100,000 validators may have an object each. */
function rowsOf({ watched, victims }: LabelSetInput): Row[] {
  const hits = new Map<Labels, number>();
  for (const { labels } of victims) hits.set(labels, (hits.get(labels) ?? 0) + 1);
  const rows = watched.map(({ labels, validators }): Row => ({ labels, validators, victims: 0 }));
  for (const [labels, count] of hits) rows.push({ labels, validators: 0, victims: count });
  return rows;
}

/** A victim that is no longer in the inventory counts as one that is watched. */
function sumOf(rows: readonly Sums[]): Sums {
  const sums = { validators: 0, victims: 0 };
  for (const { validators, victims } of rows) {
    sums.validators += validators;
    sums.victims += victims;
  }
  return { ...sums, validators: Math.max(sums.validators, sums.victims) };
}

interface SharedLabel {
  key: string;
  value: string;
}

/** Single labels that could be part of an explaining set: a set covers no more than each of its labels alone. */
function sharedLabels(rows: readonly Row[], all: Sums, ordinaryRate: number): readonly SharedLabel[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { labels, victims } of rows) {
    if (victims === 0) continue;
    for (const [key, value] of Object.entries(labels)) {
      if (value === "") continue;
      let values = counts.get(key);
      if (!values) counts.set(key, (values = new Map<string, number>()));
      values.set(value, (values.get(value) ?? 0) + victims);
    }
  }
  const needed = leastCoverage * (all.victims - ordinaryOutside(all.validators, all, ordinaryRate));
  const found = [...counts].flatMap(([key, values]) =>
    [...values].flatMap(([value, victims]) => (victims >= needed ? [{ key, value, victims }] : [])),
  );
  const members = new Map(found.map((label) => [label, 0]));
  for (const { labels, validators } of rows)
    if (validators > 0)
      for (const label of found)
        if (Object.hasOwn(labels, label.key) && labels[label.key] === label.value)
          members.set(label, (members.get(label) ?? 0) + validators);
  const telling = found.filter((label) => (members.get(label) ?? 0) < all.validators);
  const scoreOfLabel = (label: (typeof found)[number]) => label.victims ** 2 / Math.max(1, members.get(label) ?? 0);
  return telling
    .sort((a, b) => scoreOfLabel(b) - scoreOfLabel(a) || rankOf(a.key) - rankOf(b.key) || (a.key < b.key ? -1 : 1))
    .slice(0, mostShared);
}

/** How many victims outside a set a usual day would give, up to half of all: the rest must be explained. */
function ordinaryOutside(outside: number, all: Sums, rate: number): number {
  const expected = rate * outside;
  return Math.min(all.victims / 2, expected + Math.sqrt(expected));
}

/** Nine in ten of the victims, those left out whom a usual day would give outside. */
function isCovered({ validators, victims }: Sums, all: Sums, ordinaryRate: number): boolean {
  const ordinary = Math.min(all.victims - victims, ordinaryOutside(all.validators - validators, all, ordinaryRate));
  return victims > 0 && victims >= leastCoverage * (all.victims - ordinary);
}

/** Validators by which of the shared labels they carry: combinations are then sums over a few rows. */
function tallyMasks(rows: readonly Row[], shared: readonly SharedLabel[]): (Sums & { mask: number })[] {
  const byMask = new Map<number, Sums & { mask: number }>();
  for (const { labels, validators, victims } of rows) {
    let mask = 0;
    for (const [bit, { key, value }] of shared.entries())
      if (Object.hasOwn(labels, key) && labels[key] === value) mask |= 1 << bit;
    const sums = byMask.get(mask);
    if (sums) {
      sums.validators += validators;
      sums.victims += victims;
    } else byMask.set(mask, { mask, validators, victims });
  }
  return [...byMask.values()];
}

/** All combinations of up to three of so many labels, smaller ones first. */
function masksUpTo(labels: number): number[] {
  const masks = Array.from({ length: 2 ** labels - 1 }, (_, index) => index + 1);
  return masks.filter((mask) => bitsOf(mask) <= mostLabels).sort((a, b) => bitsOf(a) - bitsOf(b) || a - b);
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) bits++;
  return bits;
}

function describe(mask: number, shared: readonly SharedLabel[]): { labels: Labels; size: number } {
  const chosen = shared.filter((_, bit) => (mask & (1 << bit)) !== 0);
  return { labels: Object.fromEntries(chosen.map(({ key, value }) => [key, value])), size: chosen.length };
}

/** Is it more than chance that the victims are inside? */
function isTelling({ validators, victims, density }: Candidate, all: Sums): boolean {
  const outside = (all.victims - victims) / (all.validators - validators);
  if (density >= nearlyAll && outside <= nearlyNone) return true;
  if (density < 2 * outside) return false;
  const counts = { all: all.validators, victims: all.victims, members: validators, hits: victims };
  return chanceOf(counts) < leastChance;
}

/** Does one label more name the victims clearly better, and not by luck? */
function saysMore(larger: Candidate, part: Candidate): boolean {
  if (scoreOf(larger) < gain * scoreOf(part)) return false;
  const counts = { all: part.validators, victims: part.victims, members: larger.validators, hits: larger.victims };
  return (larger.density >= nearlyAll && part.density <= 0.5) || chanceOf(counts) < leastChance;
}

/** How much of the victims it explains, times how much of it they are. */
const scoreOf = ({ coverage, density }: VictimCohort) => coverage * density;
/** What differs in the third digit is as good as equal. */
const rounded = (score: number) => Number(score.toPrecision(2));

function better(a: Candidate, b: Candidate, suspects: ReadonlySet<string> | undefined): number {
  const seen = ({ labels }: Candidate) => Object.values(labels).filter((value) => suspects?.has(value)).length;
  const rank = ({ labels }: Candidate) => Math.min(...Object.keys(labels).map(rankOf));
  return (
    rounded(scoreOf(b)) - rounded(scoreOf(a)) ||
    a.size - b.size ||
    seen(b) / b.size - seen(a) / a.size ||
    rank(a) - rank(b) ||
    (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1)
  );
}

/** What is nearest to the fault first: software and machines, then places, then people. */
const order: readonly string[] = [
  ...["validatorClient", "beaconNode", "client", "consensusClient", "executionClient", "group"],
  ...["host", "provider", "region", "operator", "customer"],
];

function rankOf(key: string): number {
  const at = order.indexOf(key);
  return at === -1 ? order.length : at;
}
