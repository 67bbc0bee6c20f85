import type { CohortTotals, EpochResult } from "./types.ts";

/** One stored epoch without its columns. */
export interface StoredEpoch extends Pick<
  EpochResult,
  "epoch" | "state" | "judgedAt" | "headRoot" | "fork" | "rewards" | "caveats" | "network" | "committeesPerSlot"
> {
  /** The whole watched set. */
  watched: CohortTotals["totals"];
}

/** How long each tier is kept, in epochs. Cohort rows become one per day before they go. */
export interface DutyRetention {
  columnEpochs: number;
  exceptionEpochs: number;
  cohortEpochs: number;
  /** In days. */
  dailyCohortDays: number;
  epochsPerDay: number;
  /** Epochs that fit between 1970 and genesis: with it days are UTC days, numbered from 1970. Without it they begin at genesis. */
  epochsBeforeGenesis?: number;
}
