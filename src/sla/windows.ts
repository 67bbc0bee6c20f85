import type { SlaWindow } from "./types.ts";

const dayMs = 86_400_000;

/** The month in UTC that holds `at` (ms since 1970). UTC has no summer time: its days are all equally long. */
export function calendarMonth(at: number): SlaWindow {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { fromAt: Date.UTC(year, month), toAt: Date.UTC(year, month + 1) };
}

/** The `days` days before `at`. It ends now, so that it has a past and nothing to forecast. */
export function rolling(days: number, at: number): SlaWindow {
  return { fromAt: at - days * dayMs, toAt: at };
}
