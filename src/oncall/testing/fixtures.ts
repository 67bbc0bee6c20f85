import { onCallAt } from "../on-call-at.ts";
import type { Layer, Person, Schedule } from "../types.ts";

/** ms since 1970 of an ISO time with its offset. */
export const at = (text: string): number => {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new Error(`not a time: ${text}`);
  return value;
};

/** `ada` and `ben` by turns, daily at 09:00, from 1 January 2020 on. */
export const dailyLayer = (changes: Partial<Layer> = {}): Layer => ({
  ...{ name: "base", effectiveFrom: "2020-01-01T00:00" },
  rotation: { handover: { kind: "daily", at: "09:00" }, people: ["ada", "ben"] },
  ...changes,
});

export const scheduleOf = (timeZone: string, layers: readonly Layer[], rest: Partial<Schedule> = {}): Schedule => ({
  ...{ name: "primary", timeZone, layers, overrides: [] },
  ...rest,
});

export const personOf = (name: string, timeZone = "UTC"): Person => ({
  ...{ name, timeZone },
  contacts: [{ channel: "email", address: `${name}@example.org` }],
});

/** Each handover of a rotation in a span, as a UTC time, found by asking at each minute. */
export function handoversBetween(schedule: Schedule, from: string, to: string): string[] {
  const found: string[] = [];
  const seen = (instant: number) => {
    const { source } = onCallAt(schedule, instant);
    return source?.kind === "layer" ? source.turn : undefined;
  };
  for (let instant = at(from); instant < at(to); instant += 60_000)
    if (seen(instant) !== seen(instant - 60_000)) found.push(new Date(instant).toISOString().slice(0, 16) + "Z");
  return found;
}
