import { wholeTurns } from "./shifts.ts";
import type { Schedule, Shift } from "./types.ts";

export interface IcalOptions {
  /** Shifts of which some part is in `[fromAt, toAt)`, ms since 1970. */
  fromAt: number;
  toAt: number;
  /** Rises with every change of the schedule: calendars take the higher SEQUENCE of one UID. */
  revision: number;
  /** When the schedule was last changed, ms since 1970 (DTSTAMP). */
  changedAt: number;
  /** Only the shifts of this person. */
  person?: string;
}

/**
 * The shifts of a schedule as an iCalendar file (RFC 5545), in UTC, each turn one event. The UID holds the layer and the start of
 * the shift: a shift that ends at another time, or goes to another person of the layer, stays the same event.
 */
export function icalOf(schedule: Schedule, options: IcalOptions): string {
  const { fromAt, toAt, person } = options;
  const events = wholeTurns(schedule, fromAt, toAt).filter((shift) => person === undefined || shift.person === person);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Slotkeeper//On-call//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `X-WR-CALNAME:${escapeText(schedule.name)}`,
    ...events.flatMap((shift) => eventOf(schedule, shift, options)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join("");
}

function eventOf({ name }: Schedule, shift: Shift, { revision, changedAt }: IcalOptions): string[] {
  const { source } = shift;
  const by = source.kind === "layer" ? `Layer ${source.layer.name}` : "Override";
  const uid = source.kind === "layer" ? [name, "layer", source.layer.name] : [name, "override"];
  return [
    "BEGIN:VEVENT",
    `UID:${uid.map(encodeURIComponent).join("/")}/${utc(shift.fromAt)}@slotkeeper`,
    `SEQUENCE:${revision}`,
    `DTSTAMP:${utc(changedAt)}`,
    `DTSTART:${utc(shift.fromAt)}`,
    `DTEND:${utc(shift.toAt)}`,
    `SUMMARY:${escapeText(`${shift.person} on call: ${name}`)}`,
    `DESCRIPTION:${escapeText(by)}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

/** RFC 5545, 3.3.11. */
export function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
}

/** At most 75 octets a line, never within a character (RFC 5545, 3.1). */
export function foldLine(line: string): string {
  const folded: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      folded.push(part);
      // The space that marks a continuation is an octet of it.
      [part, octets] = [" ", 1];
    }
    part += character;
    octets += size;
  }
  return [...folded, part].join("\r\n");
}

function utc(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, "");
}
