import { AppError } from "../lib/app-error.ts";
import { dayMs, dayOf, hourMs, minuteMs, msOfDay, wallOf } from "./local-time.ts";
import { weekdays, type Handover, type Layer, type Weekday } from "./types.ts";
import type { WallMs } from "./wall-clock.ts";

/** Handovers of a layer: turn `n` begins at `anchor + n * periodMs` on the wall clock. */
export interface TurnGrid {
  /** The last handover at or before the layer's `effectiveFrom`. */
  anchor: WallMs;
  periodMs: number;
}

/** Throws `rotation-not-valid` and `local-time-not-valid`. */
export function turnGrid(layer: Layer): TurnGrid {
  const { handover } = layer.rotation;
  const periodMs = periodOf(handover, layer.name);
  const from = wallOf(layer.effectiveFrom);
  const base = handoverBefore(handover, from);
  return { anchor: base + Math.floor((from - base) / periodMs) * periodMs, periodMs };
}

export function turnAt({ anchor, periodMs }: TurnGrid, wall: WallMs): number {
  return Math.floor((wall - anchor) / periodMs);
}

/** Whose turn it is; `undefined`: the rotation names nobody. */
export function personOfTurn({ rotation: { people } }: Layer, turn: number): string | undefined {
  return people[turn % people.length];
}

function periodOf(handover: Handover, name: string): number {
  switch (handover.kind) {
    case "hourly":
      return hourMs;
    case "daily":
      return dayMs;
    case "weekly":
      return 7 * dayMs;
    case "custom": {
      const { every, unit } = handover;
      if (!Number.isInteger(every) || every < 1)
        throw new AppError(`read the rotation of layer ${name}: "every" is a whole number of ${unit}, at least 1`, {
          code: "rotation-not-valid",
        });
      return every * { hours: hourMs, days: dayMs, weeks: 7 * dayMs }[unit];
    }
  }
}

/** A time at or before `wall` at which this handover may happen. */
function handoverBefore(handover: Handover, wall: WallMs): WallMs {
  if (handover.kind === "hourly") return lastBefore(wall, hourMs, (handover.minute ?? 0) * minuteMs);
  const at = msOfDay(handover.at);
  if (handover.kind === "weekly") return lastBefore(wall, 7 * dayMs, sinceThursday(handover.weekday) + at);
  if (handover.kind === "custom" && handover.unit === "weeks")
    return lastBefore(wall, 7 * dayMs, sinceThursday(handover.weekday) + at);
  return dayOf(wall) + at <= wall ? dayOf(wall) + at : dayOf(wall) - dayMs + at;
}

function lastBefore(wall: WallMs, periodMs: number, phaseMs: number): WallMs {
  return Math.floor((wall - phaseMs) / periodMs) * periodMs + phaseMs;
}

/** 1 January 1970, reading 0 of every wall clock, was a Thursday. */
function sinceThursday(weekday: Weekday): number {
  return ((weekdays.indexOf(weekday) + 4) % 7) * dayMs;
}
