import { describe, expect, test } from "vitest";
import { onCallAt, shadowsAt } from "./on-call-at.ts";
import { at, dailyLayer, handoversBetween, scheduleOf } from "./testing/fixtures.ts";
import type { Handover, LocalTime } from "./types.ts";

const by = (handover: Handover, timeZone: string) =>
  scheduleOf(timeZone, [dailyLayer({ rotation: { handover, people: ["ada", "ben", "cleo"] } })]);
const daily = (time: LocalTime, timeZone: string) => by({ kind: "daily", at: time }, timeZone);
const hourly: Handover = { kind: "hourly" };

describe("a daily handover stays at its local time when clocks are changed", () => {
  test.each([
    ["Europe/Berlin, forward", "Europe/Berlin", "2026-03-28", "2026-03-31", ["28T08:00", "29T07:00", "30T07:00"]],
    ["Europe/Berlin, back", "Europe/Berlin", "2026-10-24", "2026-10-27", ["24T07:00", "25T08:00", "26T08:00"]],
    ["America/New_York, forward", "America/New_York", "2026-03-07", "2026-03-10", ["07T14:00", "08T13:00", "09T13:00"]],
    ["America/New_York, back", "America/New_York", "2026-10-31", "2026-11-03", ["31T13:00", "01T14:00", "02T14:00"]],
    // Half an hour: from +10:30 to +11:00 on 4 October, back on 5 April.
    ["Lord Howe, forward", "Australia/Lord_Howe", "2026-10-02", "2026-10-05", ["02T22:30", "03T22:00", "04T22:00"]],
    ["Lord Howe, back", "Australia/Lord_Howe", "2026-04-03", "2026-04-06", ["03T22:00", "04T22:30", "05T22:30"]],
    // At midnight: from +2 to +3 on Friday 24 April, back on 30 October.
    ["Africa/Cairo, forward", "Africa/Cairo", "2026-04-23", "2026-04-26", ["23T07:00", "24T06:00", "25T06:00"]],
    ["Africa/Cairo, back", "Africa/Cairo", "2026-10-29", "2026-11-01", ["29T06:00", "30T07:00", "31T07:00"]],
    ["Asia/Tokyo, never", "Asia/Tokyo", "2026-03-28", "2026-03-31", ["28T00:00", "29T00:00", "30T00:00"]],
  ])("%s", (_, zone, from, to, expected) => {
    const found = handoversBetween(daily("09:00", zone), `${from}T00:00Z`, `${to}T00:00Z`);
    expect(found.map((text) => text.slice(8, 16))).toEqual(expected);
  });
});

describe("a handover at a time that is skipped or exists twice", () => {
  test.each([
    [
      "Berlin skips 02:30: at 03:00",
      "Europe/Berlin",
      "02:30",
      "2026-03-28T12:00Z",
      "2026-03-29T12:00Z",
      "2026-03-29T01:00Z",
    ],
    [
      "Berlin has 02:30 twice: the first",
      "Europe/Berlin",
      "02:30",
      "2026-10-24T12:00Z",
      "2026-10-25T12:00Z",
      "2026-10-25T00:30Z",
    ],
    [
      "New York skips 02:15: at 03:00",
      "America/New_York",
      "02:15",
      "2026-03-08T00:00Z",
      "2026-03-08T20:00Z",
      "2026-03-08T07:00Z",
    ],
    [
      "New York has 01:15 twice",
      "America/New_York",
      "01:15",
      "2026-11-01T00:00Z",
      "2026-11-01T20:00Z",
      "2026-11-01T05:15Z",
    ],
    [
      "Lord Howe skips 02:10: at 02:30",
      "Australia/Lord_Howe",
      "02:10",
      "2026-10-03T10:00Z",
      "2026-10-03T20:00Z",
      "2026-10-03T15:30Z",
    ],
    [
      "Lord Howe has 01:45 twice",
      "Australia/Lord_Howe",
      "01:45",
      "2026-04-04T10:00Z",
      "2026-04-04T20:00Z",
      "2026-04-04T14:45Z",
    ],
    [
      "Cairo skips midnight: at 01:00",
      "Africa/Cairo",
      "00:00",
      "2026-04-23T12:00Z",
      "2026-04-24T12:00Z",
      "2026-04-23T22:00Z",
    ],
    ["Cairo has 23:30 twice", "Africa/Cairo", "23:30", "2026-10-29T12:00Z", "2026-10-30T12:00Z", "2026-10-29T20:30Z"],
  ])("%s", (_, zone, time, from, to, expected) => {
    expect(handoversBetween(daily(time, zone), from, to)).toEqual([expected]);
  });

  test("a day that Samoa left out: its handover comes with the next day's first minute", () => {
    const schedule = scheduleOf("Pacific/Apia", [dailyLayer({ effectiveFrom: "2011-12-01T00:00" })]);
    expect(handoversBetween(schedule, "2011-12-29T12:00Z", "2011-12-31T12:00Z")).toEqual([
      "2011-12-29T19:00Z", // the 29th, 09:00 at -10
      "2011-12-30T10:00Z", // the 30th never was: midnight of the 31st
      "2011-12-30T19:00Z", // the 31st, 09:00 at +14
    ]);
  });
});

test("an hour that is skipped is nobody's turn, and an hour that comes twice is one turn", () => {
  const schedule = by(hourly, "Europe/Berlin");
  expect(handoversBetween(schedule, "2026-03-29T00:00Z", "2026-03-29T03:00Z")).toEqual(
    ["00:00", "01:00", "02:00"].map((time) => `2026-03-29T${time}Z`),
  );
  const turnAt = (text: string) => {
    const { source } = onCallAt(schedule, at(text));
    return source?.kind === "layer" ? source.turn : NaN;
  };
  expect(turnAt("2026-03-29T01:00Z") - turnAt("2026-03-29T00:59Z")).toBe(2);
  expect(handoversBetween(schedule, "2026-10-24T23:30Z", "2026-10-25T03:00Z")).toEqual(
    ["00:00", "02:00"].map((time) => `2026-10-25T${time}Z`),
  );
});

test("weekly and longer rotations count calendar weeks, also over a change and the year's end", () => {
  const weekly = by({ kind: "weekly", at: "10:00", weekday: "monday" }, "Europe/Berlin");
  expect(handoversBetween(weekly, "2026-03-20T00:00Z", "2026-04-01T00:00Z")).toEqual([
    "2026-03-23T09:00Z",
    "2026-03-30T08:00Z",
  ]);
  expect(handoversBetween(weekly, "2026-12-25T00:00Z", "2027-01-06T00:00Z")).toEqual([
    "2026-12-28T09:00Z",
    "2027-01-04T09:00Z",
  ]);
  const second = by({ kind: "custom", every: 2, unit: "weeks", at: "10:00", weekday: "friday" }, "UTC");
  // In effect from Wednesday, 1 January 2020: the turn began on Friday, 27 December.
  expect(handoversBetween(second, "2020-01-01T00:00Z", "2020-02-01T00:00Z")).toEqual([
    "2020-01-01T00:00Z",
    "2020-01-10T10:00Z",
    "2020-01-24T10:00Z",
  ]);
});

test("a leap day is a day", () => {
  const found = handoversBetween(daily("09:00", "Europe/Berlin"), "2028-02-28T00:00Z", "2028-03-02T00:00Z");
  expect(found.map((text) => text.slice(5, 10))).toEqual(["02-28", "02-29", "03-01"]);
});

test("the first person has the turn when a layer takes effect, until the first handover", () => {
  const schedule = daily("09:00", "UTC");
  expect(onCallAt(schedule, at("2019-12-31T23:59:59.999Z"))).toMatchObject({
    person: undefined,
    reason: "no-layer-in-effect",
  });
  expect(onCallAt(schedule, at("2020-01-01T00:00Z"))).toMatchObject({ person: "ada", reason: "on-call-by-rotation" });
  expect(onCallAt(schedule, at("2020-01-01T08:59:59.999Z")).person).toBe("ada");
  expect(onCallAt(schedule, at("2020-01-01T09:00Z")).person).toBe("ben");
});

describe("windows", () => {
  const nights = dailyLayer({
    name: "nights",
    rotation: { handover: { kind: "daily", at: "12:00" }, people: ["night"] },
    restrictions: [{ days: ["friday", "saturday"], from: "22:00", to: "06:00" }],
  });
  const personAt = (text: string, layers = [nights], zone = "Europe/Berlin") =>
    onCallAt(scheduleOf(zone, layers), at(text)).person;

  test("one over midnight belongs to the day on which it begins", () => {
    expect(personAt("2026-06-05T21:59+02:00")).toBeUndefined(); // a Friday
    expect(personAt("2026-06-05T22:00+02:00")).toBe("night");
    expect(personAt("2026-06-07T05:59+02:00")).toBe("night"); // Sunday morning, of Saturday
    expect(personAt("2026-06-07T06:00+02:00")).toBeUndefined();
    expect(personAt("2026-06-07T22:30+02:00")).toBeUndefined();
    expect(personAt("2026-06-05T05:00+02:00")).toBeUndefined(); // Friday morning, of Thursday
  });

  test("it ends at its local time in the night of a change, which is an hour shorter or longer", () => {
    expect(personAt("2026-03-29T05:59+02:00")).toBe("night");
    expect(personAt("2026-03-29T06:00+02:00")).toBeUndefined();
    expect(personAt("2026-10-25T05:59+01:00")).toBe("night");
    expect(personAt("2026-10-25T06:00+01:00")).toBeUndefined();
  });

  test("outside of it the layer below has its turn, and without one nobody has, for this reason", () => {
    const layers = [dailyLayer({ rotation: { handover: { kind: "daily", at: "09:00" }, people: ["base"] } }), nights];
    expect(personAt("2026-06-05T21:59+02:00", layers)).toBe("base");
    expect(personAt("2026-06-05T22:00+02:00", layers)).toBe("night");
    expect(onCallAt(scheduleOf("UTC", [nights]), at("2026-06-03T12:00Z")).reason).toBe("outside-all-windows");
  });

  test("follow-the-sun: each layer keeps its own office hours, by its own clock", () => {
    const office = (name: string, timeZone: string) =>
      dailyLayer({
        ...{ name, timeZone, restrictions: [{ from: "09:00", to: "17:00" }] },
        rotation: { handover: { kind: "daily", at: "09:00" }, people: [name] },
      });
    const layers = [office("sydney", "Australia/Sydney"), office("berlin", "Europe/Berlin")];
    expect(personAt("2026-01-15T09:00+11:00", layers)).toBe("sydney");
    expect(personAt("2026-07-15T09:00+10:00", layers)).toBe("sydney");
    expect(personAt("2026-07-15T08:59+10:00", layers)).toBeUndefined();
    expect(personAt("2026-07-15T09:00+02:00", layers)).toBe("berlin");
    expect(personAt("2026-01-15T09:00+01:00", layers)).toBe("berlin");
  });

  test("a window that is skipped never opens, and one from a time to itself is a whole day", () => {
    const inGap = { ...nights, restrictions: [{ from: "02:10", to: "02:50" }] };
    expect(personAt("2026-03-28T02:20+01:00", [inGap])).toBe("night");
    expect(personAt("2026-03-29T03:00+02:00", [inGap])).toBeUndefined();
    expect(personAt("2026-03-29T03:20+02:00", [inGap])).toBeUndefined();
    const mondays = { ...nights, restrictions: [{ days: ["monday" as const], from: "09:00", to: "09:00" }] };
    expect(personAt("2026-06-02T08:59+02:00", [mondays])).toBe("night");
    expect(personAt("2026-06-02T09:00+02:00", [mondays])).toBeUndefined();
  });
});

test("overrides are instants: they win over all layers, across a change, the later one over the earlier", () => {
  const overrides = [
    { fromAt: at("2026-10-25T02:30+02:00"), toAt: at("2026-10-25T02:30+01:00"), person: "cover" },
    { fromAt: at("2026-10-25T02:50+02:00"), toAt: at("2026-10-25T02:10+01:00"), person: "second" },
  ];
  const schedule = scheduleOf("Europe/Berlin", [dailyLayer()], { overrides });
  const seen = (text: string) => onCallAt(schedule, at(text)).person;
  expect(seen("2026-10-25T02:29+02:00")).not.toBe("cover");
  expect(seen("2026-10-25T02:30+02:00")).toBe("cover");
  expect(seen("2026-10-25T02:55+02:00")).toBe("second");
  expect(seen("2026-10-25T02:10+01:00")).toBe("cover");
  expect(seen("2026-10-25T02:30+01:00")).not.toBe("cover");
  expect(onCallAt(schedule, at("2026-10-25T02:40+02:00")).reason).toBe("on-call-by-override");
});

test("an empty rotation leaves the turn to the layer below, and is the reason where there is none", () => {
  const empty = dailyLayer({ name: "top", rotation: { handover: { kind: "daily", at: "09:00" }, people: [] } });
  expect(onCallAt(scheduleOf("UTC", [empty]), at("2026-01-01T00:00Z")).reason).toBe("rotation-empty");
  expect(onCallAt(scheduleOf("UTC", [dailyLayer(), empty]), at("2026-01-01T00:00Z")).person).toBeDefined();
});

test("shadows are told beside, and never are on call", () => {
  const shadow = dailyLayer({ rotation: { handover: { kind: "daily", at: "09:00" }, people: ["trainee"] } });
  const schedule = scheduleOf("UTC", [], { shadows: [shadow, shadow] });
  expect(shadowsAt(schedule, at("2026-01-01T00:00Z"))).toEqual(["trainee"]);
  expect(onCallAt(schedule, at("2026-01-01T00:00Z")).person).toBeUndefined();
});

test.each([
  ["time-zone-unknown", scheduleOf("Europe/Nowhere", [dailyLayer()])],
  ["local-time-not-valid", daily("24:00", "UTC")],
  ["local-time-not-valid", scheduleOf("UTC", [dailyLayer({ effectiveFrom: "2026-02-30T00:00" })])],
  ["rotation-not-valid", by({ kind: "custom", every: 0, unit: "days", at: "09:00" }, "UTC")],
])("what cannot be read is refused: %s", (code, schedule) => {
  expect(() => onCallAt(schedule, at("2026-05-01T00:00Z"))).toThrow(expect.objectContaining({ code }));
});
