import type { HeatLevel } from "./heatmap-levels.ts";

/** What part of the tile is on the drawing. Left and top edge in epochs and rows of the tile; sizes in CSS pixels. */
export interface HeatView {
  epoch: number;
  row: number;
  epochPx: number;
  rowPx: number;
}

/** The tile and the drawing's inner size, in CSS pixels. */
export interface HeatBounds {
  epochs: number;
  rows: number;
  width: number;
  height: number;
}

/** Below this an epoch would be dropped by the scaling. */
const leastEpochPx = 1.5;
const mostEpochPx = 64;
export const mostRowPx = 24;

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** Keeps scales and edges within the tile; what is smaller than the drawing stays at its left and top. */
export function boundView(view: HeatView, bounds: HeatBounds): HeatView {
  const { epochs, rows, width, height } = bounds;
  const fitEpochPx = clamp(width / Math.max(1, epochs), leastEpochPx, mostEpochPx);
  const fitRowPx = Math.min(mostRowPx, height / Math.max(1, rows));
  const epochPx = clamp(view.epochPx, fitEpochPx, mostEpochPx);
  const rowPx = clamp(view.rowPx, fitRowPx, mostRowPx);
  return {
    epochPx,
    rowPx,
    epoch: clamp(view.epoch, 0, Math.max(0, epochs - width / epochPx)),
    row: clamp(view.row, 0, Math.max(0, rows - height / rowPx)),
  };
}

/** Everything, or as much as fits, with the newest epoch at the right edge. */
export const wholeView = (bounds: HeatBounds): HeatView =>
  boundView({ epoch: Infinity, row: 0, epochPx: 0, rowPx: 0 }, bounds);

export const panView = (view: HeatView, dx: number, dy: number, bounds: HeatBounds): HeatView =>
  boundView({ ...view, epoch: view.epoch - dx / view.epochPx, row: view.row - dy / view.rowPx }, bounds);

/** Zooms by factors; what is under `(x, y)` stays there. */
export function zoomView(
  view: HeatView,
  factor: { epochs: number; rows: number },
  x: number,
  y: number,
  bounds: HeatBounds,
): HeatView {
  const scaled = boundView({ ...view, epochPx: view.epochPx * factor.epochs, rowPx: view.rowPx * factor.rows }, bounds);
  return boundView(
    {
      ...scaled,
      epoch: view.epoch + x / view.epochPx - x / scaled.epochPx,
      row: view.row + y / view.rowPx - y / scaled.rowPx,
    },
    bounds,
  );
}

/** The finest level of which each bin is at least one device pixel high: none is left out by the scaling. */
export function levelFor(levels: readonly HeatLevel[], rowPx: number, pixelRatio: number): HeatLevel | undefined {
  return levels.find(({ rowsPerBin }) => rowsPerBin * rowPx * pixelRatio >= 0.999) ?? levels.at(-1);
}

/** A place on the tile: an epoch and a row, both counted from 0. */
export interface HeatSpot {
  epoch: number;
  row: number;
}

/** What lies under a pixel of the drawing, or nothing. */
export function spotAt(view: HeatView, x: number, y: number, bounds: HeatBounds): HeatSpot | undefined {
  const epoch = Math.floor(view.epoch + x / view.epochPx);
  const row = Math.floor(view.row + y / view.rowPx);
  const isInside = x >= 0 && y >= 0 && x < bounds.width && y < bounds.height;
  return isInside && epoch < bounds.epochs && row < bounds.rows ? { epoch, row } : undefined;
}

/** Moves the view as little as shows the spot whole. */
export function showSpot(view: HeatView, spot: HeatSpot, bounds: HeatBounds): HeatView {
  const within = (edge: number, at: number, shown: number) => (at < edge ? at : Math.max(edge, at + 1 - shown));
  return boundView(
    {
      ...view,
      epoch: within(view.epoch, spot.epoch, bounds.width / view.epochPx),
      row: within(view.row, spot.row, bounds.height / view.rowPx),
    },
    bounds,
  );
}
