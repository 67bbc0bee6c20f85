import { formatCount, plural } from "./format.ts";
import { formatShare } from "./amounts.ts";
import { heatCells, heatKinds, kindOf, knownCell, wholeReward } from "./heat-cells.ts";
import type { HeatTile } from "./heatmap-tile.ts";
import type { HeatSpot } from "./heatmap-view.ts";

/** What a bin of `rowsPerBin` validators says of one epoch. */
export interface BinReading {
  fromRow: number;
  rows: number;
  /** The row with the worst cell, the first of them: what a click opens. */
  worstRow: number;
  /** How many of each cell. */
  counts: readonly number[];
  /** Share of the attestation rewards lost; `undefined` where nobody had a duty that is known. */
  lost: number | undefined;
}

export function readBin(tile: HeatTile, spot: HeatSpot, rowsPerBin: number): BinReading {
  const fromRow = Math.floor(spot.row / rowsPerBin) * rowsPerBin;
  const rows = Math.min(rowsPerBin, tile.rows - fromRow);
  const counts = heatKinds.map(() => 0);
  let worstRow = fromRow;
  let worst = -1;
  for (let row = fromRow; row < fromRow + rows; row++) {
    const cell = knownCell(tile.cells[spot.epoch * tile.rows + row]);
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (cell > worst) {
      worst = cell;
      worstRow = row;
    }
  }
  const judged = counts.reduce((sum, count, cell) => (cell >= heatCells.perfect ? sum + count : sum), 0);
  const lost = counts.reduce((sum, count, cell) => sum + count * (heatKinds[cell]?.lost ?? 0), 0);
  return { fromRow, rows, worstRow, counts, lost: judged === 0 ? undefined : lost / (judged * wholeReward) };
}

/** "epoch 1,234 (provisional), validator 17: missed", or of many: how many of what, and the share lost. */
export function spotWords(tile: HeatTile, spot: HeatSpot, rowsPerBin: number): string {
  const bin = readBin(tile, spot, rowsPerBin);
  const state = tile.states[spot.epoch];
  const epoch = `epoch ${formatCount(tile.fromEpoch + spot.epoch)} (${state ?? "not stored"})`;
  const first = tile.indices[bin.fromRow] ?? 0;
  if (bin.rows === 1)
    return `${epoch}, validator ${formatCount(first)}: ${kindOf(tile.cells[spot.epoch * tile.rows + bin.fromRow]).word}`;
  const last = tile.indices[bin.fromRow + bin.rows - 1] ?? 0;
  const parts = bin.counts
    .map((count, cell) => ({ count, cell }))
    .filter(({ count }) => count > 0)
    .reverse()
    .map(({ count, cell }) => `${formatCount(count)} ${kindOf(cell).word}`);
  const share = bin.lost === undefined ? "" : `; ${formatShare(bin.lost)} of the rewards lost`;
  return `${epoch}, ${plural(bin.rows, "validator")} ${formatCount(first)} to ${formatCount(last)}: ${parts.join(", ")}${share}`;
}

export interface WorstRow {
  index: number;
  /** Share of its attestation rewards that it lost over the tile. */
  lost: number;
  missed: number;
  judged: number;
}

/** The validators that lost the most over the whole tile, worst first; none that lost nothing. Counted step by step as the levels are. */
export function* findWorstRows(tile: HeatTile, most: number): Generator<undefined, readonly WorstRow[], undefined> {
  const lost = new Uint32Array(tile.rows);
  const judged = new Uint16Array(tile.rows);
  const missed = new Uint16Array(tile.rows);
  for (let epoch = 0; epoch < tile.epochs; epoch++) {
    const from = epoch * tile.rows;
    for (let row = 0; row < tile.rows; row++) {
      const cell = knownCell(tile.cells[from + row]);
      if (cell < heatCells.perfect) continue;
      judged[row] = (judged[row] ?? 0) + 1;
      if (cell === heatCells.perfect) continue;
      lost[row] = (lost[row] ?? 0) + (heatKinds[cell]?.lost ?? 0);
      if (cell >= heatCells.missed) missed[row] = (missed[row] ?? 0) + 1;
    }
    yield;
  }
  const share = (row: number) => (lost[row] ?? 0) / Math.max(1, (judged[row] ?? 0) * wholeReward);
  const found: { row: number; share: number }[] = [];
  for (let row = 0; row < tile.rows; row++) {
    const own = share(row);
    if (own === 0 || (found.length === most && own <= (found.at(-1)?.share ?? 0))) continue;
    const at = found.findIndex((other) => own > other.share);
    found.splice(at === -1 ? found.length : at, 0, { row, share: own });
    if (found.length > most) found.pop();
  }
  return found.map(({ row, share: own }) => ({
    index: tile.indices[row] ?? 0,
    lost: own,
    missed: missed[row] ?? 0,
    judged: judged[row] ?? 0,
  }));
}
