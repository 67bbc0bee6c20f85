import { duration } from "../../lib/amounts.ts";

/** Where and when somebody reads: instants are ms since 1970, the time zone an IANA name. */
export interface Here {
  now: number;
  timeZone: string;
}

/** "in 3 h", "5 min ago", "now". */
export function fromNow(at: number, now: number): string {
  const ms = at - now;
  if (Math.abs(ms) < 1_000) return "now";
  return ms > 0 ? `in ${duration(ms)}` : `${duration(ms)} ago`;
}

/** "2026-11-26 06:41 UTC". */
export const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** "2026-11-26 06:41 UTC (07:41 GMT+1, in 3 h)": UTC, the reader's own clock, and how far away. */
export function when(at: number, { now, timeZone }: Here): string {
  const local = localTime(at, timeZone);
  return `${utc(at)} (${local === "" ? "" : `${local}, `}${fromNow(at, now)})`;
}

/** "" where it is the same as UTC; with the day where that differs. */
function localTime(at: number, timeZone: string): string {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  if (here.offsetNanoseconds === 0) return "";
  const time = here.toPlainTime().toString({ smallestUnit: "minute" });
  const day = here.toPlainDate().toString();
  const isOtherDay = day !== new Date(at).toISOString().slice(0, 10);
  return `${isOtherDay ? `${day} ` : ""}${time} ${offsetName(here.offset)}`;
}

/** "+01:00" as people write it: "GMT+1", "GMT+5:30". */
function offsetName(offset: string): string {
  const [, sign = "", hours = "", minutes = ""] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  return `GMT${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`;
}

/** For how long something has gone on, or went on. */
export const since = (fromAt: number, now: number): string => duration(Math.max(0, now - fromAt));
