import type { FactStore } from "../../src/app/facts/types.ts";
import type { CohortTotals, EpochResult } from "../../src/duties/types.ts";

export interface NoiseStore extends FactStore {
  save(result: EpochResult): void;
}

/** Stored epochs in memory; before the first of them, every cohort was as in `past`. */
export function makeStore(past: { cohorts: readonly CohortTotals[]; beforeEpoch: number }): NoiseStore {
  const results = new Map<number, EpochResult>();
  const settings = new Map<string, string>();
  const between = (from: number, to: number) =>
    [...results.values()].filter(({ epoch }) => epoch >= from && epoch <= to).sort((a, b) => a.epoch - b.epoch);
  return {
    save: (result) => void results.set(result.epoch, result),
    duties: {
      lastEpoch: async () => (results.size === 0 ? undefined : Math.max(...results.keys())),
      result: async (epoch) => results.get(epoch),
      epochs: async () => [],
      async cohorts(from, to, key) {
        const wanted = (each: CohortTotals) => key === undefined || each.key === key;
        const rows: (CohortTotals & { epoch: number })[] = [];
        for (let epoch = from; epoch <= to; epoch += 1) {
          const cohorts = results.get(epoch)?.cohorts ?? (epoch < past.beforeEpoch ? past.cohorts : []);
          for (const each of cohorts) if (wanted(each)) rows.push({ ...each, epoch });
        }
        return rows;
      },
      async exceptions({ fromEpoch = 0, before, limit }) {
        const all = between(fromEpoch, Infinity).flatMap(({ exceptions }) => exceptions);
        const start = Number(before ?? 0);
        const more = start + limit < all.length;
        return { items: all.slice(start, start + limit), ...(more && { nextBefore: String(start + limit) }) };
      },
      proposals: async ({ fromEpoch, toEpoch }) =>
        between(fromEpoch, toEpoch).flatMap(({ epoch, proposals }) => proposals.map((each) => ({ ...each, epoch }))),
      slashings: async (from, to) =>
        between(from, to).flatMap(({ epoch, slashings }) => slashings.map((each) => ({ ...each, epoch }))),
    },
    history: { samples: async () => [] },
    journal: { lostSpans: async () => [] },
    settings: {
      get: async (name) => settings.get(name),
      set: async (name, value) => void settings.set(name, value),
    },
  };
}
