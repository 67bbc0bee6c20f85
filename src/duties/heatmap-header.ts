import type { EpochState } from "./types.ts";

/** What the binary of a heatmap begins with; see `encodeHeatmap`. */
export interface HeatmapHeader {
  fromEpoch: number;
  epochs: number;
  rows: number;
  /** Per epoch; `null`: not stored. */
  states: readonly (EpochState | null)[];
}
