import { formatCount } from "../../model/format.ts";
import { heatKinds, wholeReward } from "../../model/heat-cells.ts";
import type { HeatLevel } from "../../model/heatmap-levels.ts";
import { copyCells, lossColors, readColor, worstColors } from "../../model/heatmap-paint.ts";
import type { HeatTile } from "../../model/heatmap-tile.ts";
import { levelFor, type HeatBounds, type HeatSpot, type HeatView } from "../../model/heatmap-view.ts";

export type HeatMode = "loss" | "worst";

/** Room around the cells, in CSS pixels: validator indices on the left, states above, epochs below. */
export const margin = { left: 74, top: 16, bottom: 20 };
/** From this cell size on, each cell that is not perfect carries its sign. */
const signFromPx = 11;

export interface HeatDrawer {
  /** Draws one frame; sizes in CSS pixels. */
  draw(view: HeatView, bounds: HeatBounds, spot: HeatSpot | undefined, mode: HeatMode): void;
}

/** Draws a tile onto a canvas. Colours are read once, from the tokens in force; a frame copies cells and scales them up. */
export function createHeatDrawer(
  canvas: HTMLCanvasElement,
  tile: HeatTile,
  levels: readonly HeatLevel[],
): HeatDrawer | undefined {
  const context = canvas.getContext("2d", { alpha: false });
  const cells = document.createElement("canvas");
  const cellContext = cells.getContext("2d", { alpha: false });
  if (context === null || cellContext === null) return undefined;
  const style = getComputedStyle(canvas);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const kinds = heatKinds.map((kind) => readColor(token(kind.token)));
  const colors = {
    worst: worstColors(kinds),
    loss: lossColors(kinds, {
      none: readColor(token("heat-perfect")),
      little: readColor(token("heat-late")),
      much: readColor(token("heat-much")),
    }),
  };
  const ink = { page: token("sheet"), text: token("muted"), line: token("line-firm"), spot: token("ink") };
  const signs = { usual: token("heat-sign"), strong: token("heat-sign-strong") };
  const font = `11px ${style.fontFamily}`;
  const hatch = hatchOf(context, token("sheet"), token("muted"));
  let image: ImageData | undefined;
  let pixels = new Uint32Array();

  function drawCells(view: HeatView, bounds: HeatBounds, mode: HeatMode, ratio: number): HeatLevel | undefined {
    const level = levelFor(levels, view.rowPx, ratio);
    if (level === undefined || context === null || cellContext === null) return undefined;
    const rect = {
      fromEpoch: Math.floor(view.epoch),
      toEpoch: Math.min(tile.epochs, Math.ceil(view.epoch + bounds.width / view.epochPx)),
      fromBin: Math.floor(view.row / level.rowsPerBin),
      toBin: Math.min(level.bins, Math.ceil((view.row + bounds.height / view.rowPx) / level.rowsPerBin)),
    };
    const [width, height] = [rect.toEpoch - rect.fromEpoch, rect.toBin - rect.fromBin];
    if (width <= 0 || height <= 0) return level;
    if (image === undefined || image.height < height) {
      image = new ImageData(tile.epochs, Math.max(height, Math.ceil(bounds.height * ratio) + 2));
      pixels = new Uint32Array(image.data.buffer);
      cells.width = image.width;
      cells.height = image.height;
    }
    copyCells(level, rect, colors[level.rowsPerBin === 1 ? "worst" : mode], pixels, tile.epochs);
    cellContext.putImageData(image, 0, 0, 0, 0, width, height);
    context.imageSmoothingEnabled = false;
    context.drawImage(
      cells,
      ...([0, 0, width, height] as const),
      (rect.fromEpoch - view.epoch) * view.epochPx,
      (rect.fromBin * level.rowsPerBin - view.row) * view.rowPx,
      width * view.epochPx,
      height * level.rowsPerBin * view.rowPx,
    );
    if (level.rowsPerBin === 1 && view.rowPx >= signFromPx && view.epochPx >= signFromPx) drawSigns(view, rect);
    return level;
  }

  function drawSigns(view: HeatView, rect: { fromEpoch: number; toEpoch: number; fromBin: number; toBin: number }) {
    if (context === null) return;
    context.font = `600 ${Math.min(12, view.rowPx - 1)}px ${style.fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let epoch = rect.fromEpoch; epoch < rect.toEpoch; epoch++)
      for (let row = rect.fromBin; row < rect.toBin; row++) {
        const kind = heatKinds[tile.cells[epoch * tile.rows + row] ?? 0];
        if (kind === undefined || kind.sign === "") continue;
        context.fillStyle = kind.lost === wholeReward ? signs.strong : signs.usual;
        const x = (epoch + 0.5 - view.epoch) * view.epochPx;
        context.fillText(kind.sign, x, (row + 0.5 - view.row) * view.rowPx);
      }
  }

  /** Above each epoch how sure it is: a line when final, hatched while it may change, open where nothing is stored. */
  function drawStates(view: HeatView, bounds: HeatBounds) {
    if (context === null) return;
    const last = Math.min(tile.epochs, Math.ceil(view.epoch + bounds.width / view.epochPx));
    for (let epoch = Math.floor(view.epoch); epoch < last;) {
      const state = tile.states[epoch];
      let next = epoch + 1;
      while (next < last && tile.states[next] === state) next += 1;
      const x = Math.max(0, (epoch - view.epoch) * view.epochPx);
      const width = Math.min(bounds.width, (next - view.epoch) * view.epochPx) - x;
      if (state === "final") fill(ink.line, x, margin.top - 4, width, 2);
      else if (state !== null && hatch !== null) fill(hatch, x, 3, width, margin.top - 5);
      if (state === null) {
        context.strokeStyle = ink.text;
        context.strokeRect(x + 0.5, 3.5, Math.max(1, width - 1), margin.top - 7);
        if (hatch !== null) fill(hatch, x, margin.top, width, Math.min(bounds.height, tile.rows * view.rowPx));
      }
      epoch = next;
    }
  }

  function drawAxes(view: HeatView, bounds: HeatBounds) {
    if (context === null) return;
    context.font = font;
    context.fillStyle = ink.text;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const shownRows = Math.min(tile.rows - view.row, bounds.height / view.rowPx);
    const rowStep = niceStep(shownRows / Math.max(1, bounds.height / 48));
    for (let row = Math.ceil(view.row / rowStep) * rowStep; row < view.row + shownRows; row += rowStep) {
      const y = margin.top + (row + (view.rowPx >= 10 ? 0.5 : 0) - view.row) * view.rowPx;
      if (y < margin.top + 5 && view.rowPx < 10 && row > 0) continue;
      context.fillText(formatCount(tile.indices[row] ?? 0), margin.left - 8, Math.max(y, margin.top + 6));
    }
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    const epochStep = niceStep(bounds.width / view.epochPx / Math.max(1, bounds.width / 90));
    const first = Math.ceil((tile.fromEpoch + view.epoch) / epochStep) * epochStep;
    for (let epoch = first; epoch < tile.fromEpoch + view.epoch + bounds.width / view.epochPx; epoch += epochStep) {
      const x = margin.left + (epoch + 0.5 - tile.fromEpoch - view.epoch) * view.epochPx;
      if (epoch < tile.fromEpoch + tile.epochs && x < margin.left + bounds.width - 24)
        context.fillText(formatCount(epoch), x, margin.top + bounds.height + 14);
    }
  }

  function drawSpot(view: HeatView, bounds: HeatBounds, spot: HeatSpot, level: HeatLevel) {
    if (context === null) return;
    const x = (spot.epoch - view.epoch) * view.epochPx;
    const bin = Math.floor(spot.row / level.rowsPerBin) * level.rowsPerBin;
    const y = (bin - view.row) * view.rowPx;
    const height = Math.max(1, level.rowsPerBin * view.rowPx);
    context.globalAlpha = 0.55;
    fill(ink.spot, x + view.epochPx / 2 - 0.5, 0, 1, Math.max(0, y - 3));
    fill(ink.spot, x + view.epochPx / 2 - 0.5, y + height + 3, 1, bounds.height - y);
    fill(ink.spot, 0, y + height / 2 - 0.5, Math.max(0, x - 3), 1);
    fill(ink.spot, x + view.epochPx + 3, y + height / 2 - 0.5, bounds.width - x, 1);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = ink.spot;
    context.strokeRect(x - 2, y - 2, view.epochPx + 4, height + 4);
    context.lineWidth = 1;
  }

  function fill(with_: string | CanvasPattern, x: number, y: number, width: number, height: number) {
    if (context === null || width <= 0 || height <= 0) return;
    context.fillStyle = with_;
    context.fillRect(x, y, width, height);
  }

  return {
    draw(view, bounds, spot, mode) {
      const ratio = devicePixelRatio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      fill(ink.page, 0, 0, bounds.width + margin.left, bounds.height + margin.top + margin.bottom);
      drawAxes(view, bounds);
      context.save();
      context.beginPath();
      context.rect(margin.left, 0, bounds.width, margin.top + bounds.height);
      context.clip();
      context.translate(margin.left, margin.top);
      const level = drawCells(view, bounds, mode, ratio);
      context.translate(0, -margin.top);
      drawStates(view, bounds);
      context.translate(0, margin.top);
      if (spot !== undefined && level !== undefined) drawSpot(view, bounds, spot, level);
      context.restore();
    },
  };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? 10 * power;
}

function hatchOf(context: CanvasRenderingContext2D, ground: string, line: string): CanvasPattern | null {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const inner = tile.getContext("2d");
  if (inner === null) return null;
  inner.fillStyle = ground;
  inner.fillRect(0, 0, 6, 6);
  inner.strokeStyle = line;
  for (const offset of [-6, 0, 6]) {
    inner.moveTo(offset, 6);
    inner.lineTo(offset + 6, 0);
  }
  inner.stroke();
  return context.createPattern(tile, "repeat");
}
