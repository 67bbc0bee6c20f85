import { expect, test } from "vitest";
import { loadOf } from "./load.ts";
import { at, dailyLayer, personOf, scheduleOf } from "./testing/fixtures.ts";

const rotation = (...people: string[]) => ({ handover: { kind: "daily" as const, at: "09:00" }, people });
const always = scheduleOf("UTC", [dailyLayer({ rotation: rotation("ada") })]);

test("sleep is from 22:00 to 07:00 of the person's own clock", () => {
  const night = dailyLayer({ rotation: rotation("ada"), restrictions: [{ from: "20:00", to: "08:00" }] });
  const book = (timeZone: string) => ({ schedules: [scheduleOf("UTC", [night])], people: [personOf("ada", timeZone)] });
  const span = { fromAt: at("2026-05-04T12:00Z"), toAt: at("2026-05-05T12:00Z") };
  const pages = [
    { person: "ada", at: at("2026-05-04T22:30Z") },
    { person: "ada", at: at("2026-05-05T11:00Z") },
    { person: "ada", at: span.toAt },
    { person: "ben", at: at("2026-05-04T22:30Z") },
  ];
  expect(loadOf(book("UTC"), pages, span)).toEqual([
    { person: "ada", onCallMinutes: 720, sleepMinutes: 540, pages: 2, sleepPages: 1 },
  ]);
  // In Tokyo it is nine hours later: 22:00 to 07:00 there is 13:00 to 22:00 in UTC.
  expect(loadOf(book("Asia/Tokyo"), pages, span)).toEqual([
    { person: "ada", onCallMinutes: 720, sleepMinutes: 120, pages: 2, sleepPages: 0 },
  ]);
});

test("the night in which clocks go forward has eight hours, the other ten", () => {
  const sleepOf = (from: string, to: string) =>
    loadOf({ schedules: [always], people: [personOf("ada", "Europe/Berlin")] }, [], { fromAt: at(from), toAt: at(to) });
  expect(sleepOf("2026-03-28T12:00Z", "2026-03-29T12:00Z")[0]?.sleepMinutes).toBe(8 * 60);
  expect(sleepOf("2026-10-24T12:00Z", "2026-10-25T12:00Z")[0]?.sleepMinutes).toBe(10 * 60);
});

test("minutes on two schedules at once count once, and overrides move them", () => {
  const half = scheduleOf("UTC", [], {
    overrides: [{ fromAt: at("2026-05-04T06:00Z"), toAt: at("2026-05-04T18:00Z"), person: "ben" }],
  });
  const covered = { ...always, overrides: half.overrides };
  const people = [personOf("ada"), personOf("ben"), personOf("cleo")];
  const span = { fromAt: at("2026-05-04T00:00Z"), toAt: at("2026-05-05T00:00Z") };
  const minutes = (schedules: readonly (typeof always)[]) =>
    loadOf({ schedules, people }, [], span).map(({ onCallMinutes }) => onCallMinutes);
  expect(minutes([covered])).toEqual([720, 720, 0]);
  expect(minutes([covered, half])).toEqual([720, 720, 0]);
  expect(minutes([always, covered])).toEqual([1_440, 720, 0]);
});
