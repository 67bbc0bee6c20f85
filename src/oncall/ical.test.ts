import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeText, foldLine, icalOf } from "./ical.ts";
import { at, dailyLayer, scheduleOf } from "./testing/fixtures.ts";

const schedule = scheduleOf("Europe/Berlin", [dailyLayer()]);
const options = {
  ...{ fromAt: at("2026-03-28T00:00Z"), toAt: at("2026-03-29T12:00Z") },
  ...{ revision: 3, changedAt: at("2026-03-01T10:20:30Z") },
};
const uidsOf = (text: string) => text.split("\r\n").filter((line) => line.startsWith("UID:"));

test("each turn is an event in UTC, whole, with its UID and the schedule's revision", () => {
  const text = icalOf(schedule, options);
  expect(text.split("\r\n").slice(0, 17)).toEqual([
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Slotkeeper//On-call//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"],
    ...["X-WR-CALNAME:primary", "BEGIN:VEVENT", "UID:primary/layer/base/20260327T080000Z@slotkeeper", "SEQUENCE:3"],
    ...["DTSTAMP:20260301T102030Z", "DTSTART:20260327T080000Z", "DTEND:20260328T080000Z"],
    ...["SUMMARY:ada on call: primary", "DESCRIPTION:Layer base", "TRANSP:TRANSPARENT", "END:VEVENT", "BEGIN:VEVENT"],
  ]);
  expect(text).toContain("DTSTART:20260328T080000Z\r\nDTEND:20260329T070000Z");
  expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
});

test("the UID stays when the calendar is fetched later, and when the end of the shift moves (GoAlert's does not)", () => {
  const uids = uidsOf(icalOf(schedule, options));
  expect(uidsOf(icalOf(schedule, { ...options, fromAt: options.fromAt + 3_600_000 }))).toEqual(uids);
  const overrides = [{ fromAt: at("2026-03-28T20:00Z"), toAt: at("2026-03-29T07:00Z"), person: "eva" }];
  const changed = uidsOf(icalOf({ ...schedule, overrides }, { ...options, revision: 4 }));
  expect(changed).toEqual([...uids.slice(0, 2), "UID:primary/override/20260328T200000Z@slotkeeper", ...uids.slice(2)]);
});

test("no two events of a year have one UID, and one person's calendar has only that person", () => {
  const span = { ...options, fromAt: at("2026-01-01T00:00Z"), toAt: at("2027-01-01T00:00Z") };
  const uids = uidsOf(icalOf(schedule, span));
  expect(new Set(uids).size).toBe(uids.length);
  expect(uids).toHaveLength(366);
  const own = icalOf(schedule, { ...span, person: "ada" });
  expect(own).not.toContain("SUMMARY:ben");
  expect(uidsOf(own)).toHaveLength(183);
});

test("text is escaped as RFC 5545 asks", () => {
  expect(escapeText("a;b,c\\d\r\ne\nf")).toBe("a\\;b\\,c\\\\d\\ne\\nf");
  expect(icalOf({ ...schedule, name: "a;b\nEND:VCALENDAR" }, options)).toContain(
    "X-WR-CALNAME:a\\;b\\nEND:VCALENDAR\r\n",
  );
});

test("lines have at most 75 octets, no character is cut, and unfolding gives the line back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const line = text.replace(/[\r\n]/g, "");
      const folded = foldLine(line);
      for (const part of folded.split("\r\n")) {
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
        expect(Buffer.from(part).toString()).toBe(part);
      }
      expect(folded.replaceAll("\r\n ", "")).toBe(line);
    }),
  );
  expect(foldLine("x".repeat(75))).toBe("x".repeat(75));
  expect(foldLine("x".repeat(150))).toBe(`${"x".repeat(75)}\r\n ${"x".repeat(74)}\r\n x`);
});
