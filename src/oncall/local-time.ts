import { AppError } from "../lib/app-error.ts";
import { weekdays, type LocalDateTime, type LocalTime, type Weekday } from "./types.ts";
import type { WallMs } from "./wall-clock.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
/** On the wall clock, where every day has 24 hours. */
export const dayMs = 24 * hourMs;

/** Ms since midnight of `HH:MM`. Throws `local-time-not-valid`. */
export function msOfDay(time: LocalTime): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) throw notValid(time, "HH:MM, from 00:00 to 23:59");
  return Number(match[1]) * hourMs + Number(match[2]) * minuteMs;
}

/** The reading of the wall clock that `YYYY-MM-DDTHH:MM` names. Throws `local-time-not-valid`, also for a date such as 30 February. */
export function wallOf(text: LocalDateTime): WallMs {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$/.exec(text);
  const day = match ? Date.parse(`${match[1]}T00:00Z`) : NaN;
  if (!match || Number.isNaN(day) || !new Date(day).toISOString().startsWith(match[1] ?? ""))
    throw notValid(text, "YYYY-MM-DDTHH:MM");
  return day + msOfDay(match[2] ?? "");
}

/** `YYYY-MM-DDTHH:MM` of a reading, seconds dropped. */
export function localDateTimeOf(wall: WallMs): LocalDateTime {
  return new Date(wall).toISOString().slice(0, 16);
}

/** Midnight of the day of a reading. */
export function dayOf(wall: WallMs): WallMs {
  return Math.floor(wall / dayMs) * dayMs;
}

export function weekdayOf(wall: WallMs): Weekday {
  // 1 January 1970 was a Thursday.
  const index = (((Math.floor(wall / dayMs) + 3) % 7) + 7) % 7;
  return weekdays[index] ?? "monday";
}

function notValid(text: string, form: string): AppError {
  return new AppError(`read the local time "${text}": write it as ${form}`, { code: "local-time-not-valid" });
}
