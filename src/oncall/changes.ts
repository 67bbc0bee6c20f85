import { dayMs, dayOf, wallOf } from "./local-time.ts";
import { turnAt, turnGrid } from "./turns.ts";
import type { Layer, Schedule } from "./types.ts";
import { instantOf, wallAt, type WallMs } from "./wall-clock.ts";
import { openedOn } from "./windows.ts";

/**
 * Every instant after `fromAt` and before `toAt` (ms since 1970) at which who is on call may change, in order, each once:
 * between two of them nothing does.
 */
export function changesBetween(schedule: Schedule, fromAt: number, toAt: number): number[] {
  const found = new Set<number>();
  const add = (at: number) => {
    if (at > fromAt && at < toAt) found.add(at);
  };
  for (const override of schedule.overrides) {
    add(override.fromAt);
    add(override.toAt);
  }
  for (const layer of schedule.layers) {
    const zone = layer.timeZone ?? schedule.timeZone;
    const walls = layerChanges(layer, wallAt(zone, fromAt), wallAt(zone, toAt));
    for (const wall of walls) add(instantOf(zone, wall));
  }
  return [...found].sort((a, b) => a - b);
}

/** Readings from `from` to `to` at which a layer hands over, opens, closes, begins or ends. */
function layerChanges(layer: Layer, from: WallMs, to: WallMs): WallMs[] {
  const begins = wallOf(layer.effectiveFrom);
  const ends = layer.effectiveUntil === undefined ? Infinity : wallOf(layer.effectiveUntil);
  const [start, end] = [Math.max(from, begins), Math.min(to, ends)];
  if (start > end) return [];
  const walls = [start, end];
  const grid = turnGrid(layer);
  for (let turn = turnAt(grid, start) + 1; grid.anchor + turn * grid.periodMs <= end; turn++)
    walls.push(grid.anchor + turn * grid.periodMs);
  for (const window of layer.restrictions ?? [])
    for (let day = dayOf(start) - dayMs; day <= end; day += dayMs) {
      const opened = openedOn(window, day);
      if (opened) walls.push(opened.from, opened.to);
    }
  return walls;
}
