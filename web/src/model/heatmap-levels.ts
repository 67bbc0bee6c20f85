import { heatCells, heatKinds, knownCell, wholeReward } from "./heat-cells.ts";
import type { HeatTile } from "./heatmap-tile.ts";

/**
 * The tile once with `rowsPerBin` validators per row. A byte holds the worst cell of the bin in its lower three bits and the
 * share lost in the upper five (`lossStep`), epoch by epoch, so that a frame only copies.
 */
export interface HeatLevel {
  rowsPerBin: number;
  bins: number;
  cells: Uint8Array;
}

/** Levels end where one has no more rows than the smallest drawing. */
const fewestBins = 64;
export const lossSteps = 31;

/** Half octaves: 31 is everything, 29 a half, 11 a thousandth; 0 is nothing. */
export function lossStep(share: number): number {
  if (!(share > 0)) return 0;
  return Math.max(1, Math.min(lossSteps, Math.round(lossSteps + 2 * Math.log2(share))));
}

const packed = heatKinds.map(({ lost }, cell) => cell | (lossStep(lost / wholeReward) << 3));

/** Makes the levels one epoch a step, so that the caller may pause between steps and keep the page alive. */
export function* buildLevels(tile: HeatTile): Generator<undefined, readonly HeatLevel[], undefined> {
  const { epochs, rows } = tile;
  const levels: HeatLevel[] = [];
  for (let rowsPerBin = 1; levels.length === 0 || Math.ceil(rows / rowsPerBin) >= fewestBins; rowsPerBin *= 2) {
    const bins = Math.ceil(rows / rowsPerBin);
    levels.push({ rowsPerBin, bins, cells: new Uint8Array(epochs * bins) });
  }
  const sums = { lost: new Uint32Array(rows), judged: new Uint32Array(rows), unknown: new Uint32Array(rows) };
  const worst = new Uint8Array(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    readEpoch(tile, epoch, levels[0]?.cells, sums, worst);
    for (const level of levels.slice(1)) foldEpoch(level, epoch, sums, worst);
    yield;
  }
  return levels;
}

interface Sums {
  lost: Uint32Array;
  judged: Uint32Array;
  unknown: Uint32Array;
}

function readEpoch(tile: HeatTile, epoch: number, into: Uint8Array | undefined, sums: Sums, worst: Uint8Array): void {
  const from = epoch * tile.rows;
  for (let row = 0; row < tile.rows; row++) {
    const cell = knownCell(tile.cells[from + row]);
    if (into !== undefined) into[from + row] = packed[cell] ?? 0;
    worst[row] = cell;
    sums.lost[row] = heatKinds[cell]?.lost ?? 0;
    sums.judged[row] = cell >= heatCells.perfect ? 1 : 0;
    sums.unknown[row] = cell === heatCells.unknown ? 1 : 0;
  }
}

/** Folds pairs of the level below into its first half, in place. A bin that is mostly unknown and lost nothing is unknown. */
function foldEpoch({ bins, rowsPerBin, cells }: HeatLevel, epoch: number, sums: Sums, worst: Uint8Array): void {
  const { lost, judged, unknown } = sums;
  const belowRows = Math.ceil(worst.length / (rowsPerBin / 2));
  for (let bin = 0; bin < bins; bin++) {
    const a = 2 * bin;
    const hasTwo = a + 1 < belowRows;
    const lostHere = (lost[a] ?? 0) + (hasTwo ? (lost[a + 1] ?? 0) : 0);
    const judgedHere = (judged[a] ?? 0) + (hasTwo ? (judged[a + 1] ?? 0) : 0);
    const unknownHere = (unknown[a] ?? 0) + (hasTwo ? (unknown[a + 1] ?? 0) : 0);
    const worstHere = Math.max(worst[a] ?? 0, hasTwo ? (worst[a + 1] ?? 0) : 0);
    lost[bin] = lostHere;
    judged[bin] = judgedHere;
    unknown[bin] = unknownHere;
    worst[bin] = worstHere;
    const members = Math.min(rowsPerBin, worst.length - bin * rowsPerBin);
    const isUnknown = lostHere === 0 && unknownHere * 2 > members;
    const shown = isUnknown ? heatCells.unknown : worstHere;
    const step = judgedHere === 0 ? 0 : lossStep(lostHere / (judgedHere * wholeReward));
    cells[epoch * bins + bin] = shown | (step << 3);
  }
}
