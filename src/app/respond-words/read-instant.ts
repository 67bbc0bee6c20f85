import { parseDuration } from "../../alerts/duration.ts";

/** What `readInstant` understands, for a message. */
export const instantForms =
  '"now", "+8h", "18:00" (the next one, local time), "2026-11-26 18:00" (local time) or "2026-11-26T18:00Z"';

/**
 * An instant as people write it, ms since 1970; `undefined` where it is none. What is not absolute counts from `from`; without a
 * zone it is the clock of `timeZone` (IANA name).
 */
export function readInstant(text: string, from: number, timeZone: string): number | undefined {
  if (text === "now") return from;
  if (text.startsWith("+")) {
    const ms = parseDuration(text.slice(1));
    return ms === undefined ? undefined : from + ms;
  }
  try {
    if (/^\d{1,2}:\d\d$/.test(text)) return nextTime(text.padStart(5, "0"), from, timeZone);
    const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))? ?(Z|UTC|[+-]\d\d:\d\d)?$/i.exec(text);
    if (!found) return undefined;
    const [, day = "", time = "00:00", zone] = found;
    const wall = Temporal.PlainDateTime.from(`${day}T${time}`, { overflow: "reject" });
    const name = zone === undefined ? timeZone : /^[+-]/.test(zone) ? zone : "UTC";
    return wall.toZonedDateTime(name).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function nextTime(time: string, from: number, timeZone: string): number {
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  const today = start.withPlainTime(Temporal.PlainTime.from(time));
  return (today.epochMilliseconds > from ? today : today.add({ days: 1 })).epochMilliseconds;
}
