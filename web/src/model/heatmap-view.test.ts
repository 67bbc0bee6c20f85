import { describe, expect, it } from "vitest";
import type { HeatLevel } from "./heatmap-levels.ts";
import { boundView, levelFor, panView, showSpot, spotAt, wholeView, zoomView } from "./heatmap-view.ts";

const bounds = { epochs: 225, rows: 100_000, width: 900, height: 400 };

describe("the view of the heatmap", () => {
  it("begins with everything, nothing beside it", () => {
    expect(wholeView(bounds)).toEqual({ epoch: 0, row: 0, epochPx: 4, rowPx: 0.004 });
    expect(panView(wholeView(bounds), 50, 50, bounds)).toEqual(wholeView(bounds));
  });

  it("shows the newest epochs where not all fit, as on a phone", () => {
    const narrow = { ...bounds, width: 225 };
    expect(wholeView(narrow)).toMatchObject({ epochPx: 1.5, epoch: 75 });
  });

  it("does not blow up few validators without bound", () => {
    expect(wholeView({ ...bounds, rows: 3, height: 400 }).rowPx).toBe(24);
  });

  it("keeps what is under the pointer there while it zooms, and undoes itself", () => {
    const whole = wholeView(bounds);
    const before = spotAt(whole, 450, 200, bounds);
    let view = whole;
    for (let step = 0; step < 12; step++) view = zoomView(view, { epochs: 1.2, rows: 1.5 }, 450, 200, bounds);
    const after = spotAt(view, 450, 200, bounds);
    expect(Math.abs((after?.row ?? 0) - (before?.row ?? 0))).toBeLessThan(2 / whole.rowPx / 100);
    for (let step = 0; step < 40; step++) view = zoomView(view, { epochs: 1 / 1.2, rows: 1 / 1.5 }, 450, 200, bounds);
    expect(view).toEqual(whole);
  });

  it("never leaves the tile", () => {
    const deep = boundView({ epoch: 1e9, row: -5, epochPx: 1e9, rowPx: 1e9 }, bounds);
    expect(deep).toEqual({ epoch: 225 - 900 / 64, row: 0, epochPx: 64, rowPx: 24 });
  });

  it("finds nothing outside of the cells", () => {
    const view = wholeView({ ...bounds, rows: 3 });
    const few = { ...bounds, rows: 3 };
    expect(spotAt(view, 10, 71, few)).toEqual({ epoch: 2, row: 2 });
    expect(spotAt(view, 10, 73, few)).toBeUndefined();
    expect(spotAt(view, -1, 5, few)).toBeUndefined();
    expect(spotAt(view, 900, 5, few)).toBeUndefined();
  });

  it("follows the crosshair as little as it must", () => {
    const view = boundView({ epoch: 100, row: 500, epochPx: 30, rowPx: 20 }, bounds);
    expect(showSpot(view, { epoch: 110, row: 510 }, bounds)).toEqual(view);
    expect(showSpot(view, { epoch: 99, row: 520 }, bounds)).toMatchObject({ epoch: 99, row: 501 });
  });

  it("draws the finest level that leaves no row out", () => {
    const levels: HeatLevel[] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((rowsPerBin) => ({
      rowsPerBin,
      bins: 1,
      cells: new Uint8Array(),
    }));
    expect(levelFor(levels, 0.004, 1)?.rowsPerBin).toBe(256);
    expect(levelFor(levels, 0.004, 2)?.rowsPerBin).toBe(128);
    expect(levelFor(levels, 1, 1)?.rowsPerBin).toBe(1);
    expect(levelFor(levels, 0.0001, 1)?.rowsPerBin).toBe(256);
    expect(levelFor([], 1, 1)).toBeUndefined();
  });
});
