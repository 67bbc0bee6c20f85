import type { HeatTile } from "./heatmap-tile.ts";

/** A tile from rows of cells, oldest epoch first in each row; for tests. */
export function tileOf(rows: readonly (readonly number[])[], fromEpoch = 100): HeatTile {
  const epochs = rows[0]?.length ?? 0;
  const cells = new Uint8Array(epochs * rows.length);
  rows.forEach((row, at) => row.forEach((cell, epoch) => (cells[epoch * rows.length + at] = cell)));
  const indices = Uint32Array.from(rows, (_, at) => 1000 + at);
  return {
    fromEpoch,
    epochs,
    rows: rows.length,
    states: Array.from({ length: epochs }, () => "final"),
    indices,
    cells,
  };
}

/** The same as the server sends it. */
export function bodyOf(tile: HeatTile, change: Readonly<Record<string, unknown>> = {}): ArrayBuffer {
  const { fromEpoch, epochs, rows, states } = tile;
  const header = new TextEncoder().encode(JSON.stringify({ fromEpoch, epochs, rows, states, ...change }));
  const body = new Uint8Array(4 + header.length + rows * 4 + tile.cells.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, header.length, true);
  body.set(header, 4);
  tile.indices.forEach((index, at) => view.setUint32(4 + header.length + at * 4, index, true));
  body.set(tile.cells, 4 + header.length + rows * 4);
  return body.buffer;
}
