import type { DutyCursor, DutyStore } from "../ports.ts";
import type { DutyGap, EpochResult, EpochState } from "../types.ts";

export interface MemoryDutyStore extends DutyStore {
  readonly results: Map<number, EpochResult>;
  /** Every save in order: what was said of which epoch. */
  readonly saved: { epoch: number; state: EpochState }[];
  /** The next save does not happen: as when the process is killed before it. */
  dieAtNextSave: boolean;
}

/** The part of a duty store that following needs, in memory. The contract suite holds the real ones. */
export function createMemoryDutyStore(): MemoryDutyStore {
  const results = new Map<number, EpochResult>();
  const gaps: DutyGap[] = [];
  const saved: MemoryDutyStore["saved"] = [];
  let cursor: DutyCursor | undefined;
  const unused = () => Promise.reject(new Error("not part of this stand-in"));
  const store: MemoryDutyStore = {
    ...{ results, saved, dieAtNextSave: false },
    cursor: async () => cursor,
    async saveEpoch(result, next) {
      if (store.dieAtNextSave) throw new Error("killed");
      results.set(result.epoch, result);
      saved.push({ epoch: result.epoch, state: result.state });
      cursor = next;
    },
    async saveGap(gap, next) {
      if (store.dieAtNextSave) throw new Error("killed");
      gaps.push(gap);
      cursor = next;
    },
    gaps: async (from, to) => gaps.filter(({ fromEpoch, toEpoch }) => fromEpoch <= to && toEpoch >= from),
    epochs: async (from, to) =>
      [...results.values()]
        .filter(({ epoch }) => epoch >= from && epoch <= to)
        .sort((a, b) => a.epoch - b.epoch)
        .map((result) => ({ ...result, watched: result.cohorts.find(({ key }) => key === "")!.totals })),
    lastEpoch: async () => (results.size === 0 ? undefined : Math.max(...results.keys())),
    result: async (epoch) => results.get(epoch),
    columns: async function* () {
      for (const { epoch, state, columns } of results.values()) yield { epoch, state, columns };
    },
    cohorts: unused,
    cohortDays: unused,
    exceptions: unused,
    proposals: unused,
    syncOutcomes: unused,
    slashings: unused,
    expire: unused,
  };
  return store;
}
