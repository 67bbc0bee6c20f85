import { expect, test } from "vitest";
import { onCallAt } from "./on-call-at.ts";
import { reviseLayer } from "./revise-layer.ts";
import { gaps, nextShift, shifts, wholeTurns } from "./shifts.ts";
import { swapShifts } from "./swap-shifts.ts";
import { at, dailyLayer, scheduleOf } from "./testing/fixtures.ts";

const hourMs = 3_600_000;
const week = (...people: string[]) => ({
  handover: { kind: "weekly" as const, at: "09:00", weekday: "monday" as const },
  people,
});
const berlin = scheduleOf("Europe/Berlin", [dailyLayer()]);
const words = (list: readonly { fromAt: number; toAt: number; person?: string }[]) =>
  list.map(({ fromAt, toAt, person }) => [
    ...(person === undefined ? [] : [person]),
    ...[fromAt, toAt].map((time) => new Date(time).toISOString().slice(5, 16)),
  ]);

test("shifts are cut at both ends, and are 23 or 25 hours long when clocks are changed", () => {
  const list = shifts(berlin, at("2026-03-28T00:00Z"), at("2026-03-30T00:00Z"));
  expect(words(list).map(([, ...times]) => times)).toEqual([
    ["03-28T00:00", "03-28T08:00"],
    ["03-28T08:00", "03-29T07:00"],
    ["03-29T07:00", "03-30T00:00"],
  ]);
  const [, long] = shifts(berlin, at("2026-10-24T00:00Z"), at("2026-10-26T00:00Z"));
  expect((long?.toAt ?? 0) - (long?.fromAt ?? 0)).toBe(25 * hourMs);
  expect(shifts(berlin, 5, 5)).toEqual([]);
});

test("a shift begins right after the gap in which its handover would be", () => {
  const inGap = dailyLayer({ rotation: { handover: { kind: "daily", at: "02:30" }, people: ["ada", "ben"] } });
  const list = shifts(scheduleOf("Europe/Berlin", [inGap]), at("2026-03-28T12:00Z"), at("2026-03-29T12:00Z"));
  expect(words(list).map(([, ...times]) => times)).toEqual([
    ["03-28T12:00", "03-29T01:00"],
    ["03-29T01:00", "03-29T12:00"],
  ]);
});

test("a window that was opened the day before ends in the span", () => {
  const night = dailyLayer({ restrictions: [{ from: "22:00", to: "06:00" }] });
  const list = shifts(scheduleOf("UTC", [night]), at("2026-05-04T03:00Z"), at("2026-05-04T12:00Z"));
  expect(words(list).map(([, ...times]) => times)).toEqual([["05-04T03:00", "05-04T06:00"]]);
});

test("turns of one person that follow each other are one shift; an override cuts it in two", () => {
  const alone = scheduleOf("UTC", [dailyLayer({ rotation: { ...dailyLayer().rotation, people: ["ada"] } })], {
    overrides: [{ fromAt: at("2026-05-03T00:00Z"), toAt: at("2026-05-03T06:00Z"), person: "ben" }],
  });
  expect(words(shifts(alone, at("2026-05-01T00:00Z"), at("2026-05-05T00:00Z")))).toEqual([
    ["ada", "05-01T00:00", "05-03T00:00"],
    ["ben", "05-03T00:00", "05-03T06:00"],
    ["ada", "05-03T06:00", "05-05T00:00"],
  ]);
});

test("whole turns are not cut by the span, nor merged", () => {
  const weekly = scheduleOf("UTC", [dailyLayer({ rotation: week("ada") })]);
  // 4 May 2026 is a Monday.
  expect(words(wholeTurns(weekly, at("2026-05-10T00:00Z"), at("2026-05-12T00:00Z")))).toEqual([
    ["ada", "05-04T09:00", "05-11T09:00"],
    ["ada", "05-11T09:00", "05-18T09:00"],
  ]);
});

test("the next shift begins after now, also when now is a handover", () => {
  const next = nextShift(berlin, at("2026-05-04T07:00Z"));
  expect(next?.fromAt).toBe(at("2026-05-04T07:00Z"));
  expect(nextShift(berlin, at("2026-05-04T07:01Z"))?.fromAt).toBe(at("2026-05-05T07:00Z"));
  expect(nextShift(berlin, at("2026-05-04T07:01Z"), { person: "nobody" })).toBeUndefined();
  const holder = onCallAt(berlin, at("2026-05-04T07:01Z")).person;
  expect(nextShift(berlin, at("2026-05-04T07:01Z"), { person: holder ?? "" })?.fromAt).toBe(at("2026-05-06T07:00Z"));
});

test("a gap is told with its whole length and its reason", () => {
  const office = dailyLayer({ restrictions: [{ from: "09:00", to: "17:00" }], effectiveUntil: "2026-05-06T00:00" });
  const found = gaps(scheduleOf("UTC", [office]), at("2026-05-04T12:00Z"), at("2026-05-08T00:00Z"));
  expect(words(found)).toEqual([
    ["05-04T17:00", "05-05T09:00"],
    ["05-05T17:00", "05-08T00:00"],
  ]);
  expect(found[0]?.reason).toBe("outside-all-windows");
});

test("the night of a change has no gap (OnCall #5247)", () => {
  const [day, night] = ["09:00", "21:00"];
  const layers = [
    dailyLayer({ name: "day", restrictions: [{ from: day, to: night }] }),
    dailyLayer({ name: "night", restrictions: [{ from: night, to: day }] }),
  ];
  for (const zone of ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "America/New_York"])
    expect(gaps(scheduleOf(zone, layers), at("2026-01-01T00:00Z"), at("2027-01-01T00:00Z"))).toEqual([]);
});

test("a swap is two overrides, and each has the other's shift", () => {
  const [first, second] = shifts(berlin, at("2026-05-04T07:00Z"), at("2026-05-06T07:00Z"));
  if (!first || !second) throw new Error("two shifts were expected");
  const swapped = { ...berlin, overrides: swapShifts(first, second) };
  expect(shifts(swapped, first.fromAt, second.toAt).map(({ person }) => person)).toEqual([second.person, first.person]);
});

test("a change of a rotation leaves the past as it was, and lets who has the turn finish it", () => {
  const schedule = scheduleOf("Europe/Berlin", [
    dailyLayer({ rotation: week("ada", "ben", "cleo") }),
    dailyLayer({ name: "top", restrictions: [{ from: "01:00", to: "02:00" }] }),
  ]);
  const now = at("2026-05-06T12:00Z");
  const holder = onCallAt(schedule, at("2026-05-07T10:00Z")).person ?? "";
  const change = { rotation: week("new", "ada", "ben", "cleo") };
  const revised = reviseLayer(schedule, { name: "base", effectiveFrom: "2026-05-07T10:00", change, now });
  const [from, to] = [at("2025-01-01T00:00Z"), at("2026-05-07T08:00Z")];
  expect(words(shifts(revised, from, to))).toEqual(words(shifts(schedule, from, to)));
  expect(revised.layers.map(({ name }) => name)).toEqual(["base", "base", "top"]);
  expect(onCallAt(revised, at("2026-05-07T10:00Z")).person).toBe(holder);
  const people = new Set(shifts(revised, to, at("2026-07-01T00:00Z")).map(({ person }) => person));
  expect(people).toContain("new");
  expect(() => reviseLayer(schedule, { name: "base", effectiveFrom: "2026-05-06T14:00", change, now })).toThrow(
    expect.objectContaining({ code: "past-is-fixed" }),
  );
  expect(() => reviseLayer(schedule, { name: "nope", effectiveFrom: "2026-06-01T00:00", change, now })).toThrow(
    expect.objectContaining({ code: "layer-unknown" }),
  );
});
