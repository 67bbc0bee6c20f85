import { isLocalUtc, localZone } from "./format.ts";

const made = new Map<string, Intl.DateTimeFormat>();

/** A zone that this browser does not know is shown as UTC, and said so. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = made.get(zone);
  if (known !== undefined) return known;
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...parts });
  made.set(zone, format);
  return format;
}

const isKnown = (zone: string): boolean => {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
};

/** "Mon 30 Nov, 09:00" in a zone. */
export const timeIn = (zone: string, at: number): string => formatOf(isKnown(zone) ? zone : "UTC").format(at);

/** "Mon 30 Nov, 09:00" in the browser's own zone. */
export const localMoment = (at: number): string => timeIn(localZone, at);

/** The same instant on every clock that matters, each once: the viewer's, UTC, and the schedule's. */
export function onAllClocks(at: number, scheduleZone: string): string {
  const clocks = [
    `${timeIn("UTC", at)} UTC`,
    ...(isLocalUtc(at) ? [] : [`${timeIn(localZone, at)} ${localZone}`]),
    ...(scheduleZone === localZone || scheduleZone === "UTC" ? [] : [scheduleClock(at, scheduleZone)]),
  ];
  return clocks.join(" · ");
}

const scheduleClock = (at: number, zone: string): string =>
  isKnown(zone) ? `${timeIn(zone, at)} ${zone}` : `${zone} is no zone that this browser knows`;

const two = (value: number): string => String(value).padStart(2, "0");

/** What a `datetime-local` field shows for an instant, in the browser's zone. */
export function toField(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that such a field means; `undefined`: it is empty or none. */
export function fromField(text: string): number | undefined {
  const at = new Date(text).getTime();
  return text === "" || Number.isNaN(at) ? undefined : at;
}
