import type { Sample } from "./exposition.ts";

/** Samples by metric name, in the order of the page. */
export type SampleIndex = ReadonlyMap<string, readonly Sample[]>;

export function indexSamples(samples: readonly Sample[]): SampleIndex {
  const index = new Map<string, Sample[]>();
  for (const sample of samples) {
    const known = index.get(sample.name);
    if (known) known.push(sample);
    else index.set(sample.name, [sample]);
  }
  return index;
}

/** The samples of a metric that are real numbers and whose labels pass `where`. */
export function samplesOf(index: SampleIndex, name: string, where?: (sample: Sample) => boolean): readonly Sample[] {
  return (index.get(name) ?? []).filter((sample) => Number.isFinite(sample.value) && (where?.(sample) ?? true));
}

/** The sum over the matching series, or `undefined` when there is none: an absent metric is unknown, not zero. */
export function sumOf(index: SampleIndex, name: string, where?: (sample: Sample) => boolean): number | undefined {
  const found = samplesOf(index, name, where);
  return found.length === 0 ? undefined : found.reduce((sum, sample) => sum + sample.value, 0);
}

/** The value of the first of these metrics that the page has. */
export function firstOf(index: SampleIndex, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = sumOf(index, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The label of the first sample of a metric that has it. */
export function labelOf(index: SampleIndex, name: string, label: string): string | undefined {
  for (const sample of index.get(name) ?? []) {
    const value = sample.labels[label];
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}
