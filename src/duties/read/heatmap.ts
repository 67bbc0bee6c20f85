import type { HeatmapHeader } from "../heatmap-header.ts";
import { placeOf, type EpochCells } from "./cell-cache.ts";

/**
 * The length of the header as 4 bytes, little-endian; the header as JSON in UTF-8; `rows` x 4 bytes of validator indices,
 * little-endian; then one byte per cell (`heatCells`), epoch by epoch. Epochs that are not stored are all `unknown`.
 */
export function encodeHeatmap(
  epochs: readonly EpochCells[],
  fromEpoch: number,
  toEpoch: number,
  rows: Uint32Array,
): Uint8Array<ArrayBuffer> {
  const byEpoch = new Map(epochs.map((entry) => [entry.epoch, entry]));
  const count = Math.max(0, toEpoch - fromEpoch + 1);
  const states = Array.from({ length: count }, (_, at) => byEpoch.get(fromEpoch + at)?.state ?? null);
  const header: HeatmapHeader = { fromEpoch, epochs: count, rows: rows.length, states };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const body = new Uint8Array(4 + headerBytes.length + rows.length * 4 + rows.length * count);
  const view = new DataView(body.buffer);
  view.setUint32(0, headerBytes.length, true);
  body.set(headerBytes, 4);
  let at = 4 + headerBytes.length;
  for (const index of rows) {
    view.setUint32(at, index, true);
    at += 4;
  }
  for (let epoch = fromEpoch; epoch <= toEpoch; epoch++) {
    const entry = byEpoch.get(epoch);
    if (entry) copyCells(entry, rows, body, at);
    at += rows.length;
  }
  return body;
}

function copyCells({ indices, cells }: EpochCells, rows: Uint32Array, into: Uint8Array, at: number): void {
  if (rows === indices) return into.set(cells, at);
  for (let row = 0; row < rows.length; row++) {
    const place = placeOf(indices, rows[row]!);
    if (place >= 0) into[at + row] = cells[place]!;
  }
}
