import { dayMs, dayOf, msOfDay, weekdayOf } from "./local-time.ts";
import type { Restriction } from "./types.ts";
import type { WallMs } from "./wall-clock.ts";

/** Is this reading in one of the windows? Without any window every reading is. */
export function isWithin(restrictions: readonly Restriction[] | undefined, wall: WallMs): boolean {
  if (!restrictions) return true;
  const today = dayOf(wall);
  return restrictions.some((window) =>
    [today - dayMs, today].some((day) => {
      const opened = openedOn(window, day);
      return opened !== undefined && opened.from <= wall && wall < opened.to;
    }),
  );
}

/** The window that begins on this day (its midnight), or `undefined`. */
export function openedOn({ days, from, to }: Restriction, day: WallMs): { from: WallMs; to: WallMs } | undefined {
  if (days && !days.includes(weekdayOf(day))) return undefined;
  const [start, end] = [msOfDay(from), msOfDay(to)];
  return { from: day + start, to: day + end + (end <= start ? dayMs : 0) };
}
