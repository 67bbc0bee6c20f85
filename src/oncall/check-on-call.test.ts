import { expect, test } from "vitest";
import { checkOnCall } from "./check-on-call.ts";
import type { EscalationPolicy, EscalationStep, OnCallBook } from "./escalation.ts";
import { at, dailyLayer, personOf, scheduleOf } from "./testing/fixtures.ts";
import type { Layer } from "./types.ts";

const now = at("2026-03-25T12:00Z");
const good: OnCallBook = {
  schedules: [scheduleOf("Europe/Berlin", [dailyLayer()])],
  people: [personOf("ada"), personOf("ben")],
};
const policyOf = (...notify: EscalationStep["notify"][]): EscalationPolicy => ({
  ...{ name: "default", repeats: 0 },
  steps: notify.map((each) => ({ afterMs: 0, notify: each })),
});
const goodPolicy = policyOf([{ schedule: "primary" }]);
const findingsOf = (book: OnCallBook, policies: readonly EscalationPolicy[] = [goodPolicy], days = 14) =>
  checkOnCall(book, policies, { now, days });
const codesOf = (...input: Parameters<typeof findingsOf>) => findingsOf(...input).map(({ reason }) => reason);
const withLayer = (changes: Partial<Layer>, rest = {}): OnCallBook => ({
  ...good,
  schedules: [scheduleOf("Europe/Berlin", [dailyLayer(changes)], rest)],
});
const rotation = (...people: string[]) => ({ handover: { kind: "daily" as const, at: "09:00" }, people });

test("nothing is wrong with a full rotation of people with contacts, also over a change of clocks", () => {
  expect(findingsOf(good)).toEqual([]);
});

test("people whom no page can reach", () => {
  const people = [personOf("ada"), { ...personOf("ben"), contacts: [] }];
  expect(codesOf({ ...good, people })).toEqual(["person-without-contact", "policy-ends-at-nobody"]);
  expect(findingsOf(withLayer({ rotation: rotation("ada", "bne") }), [])).toMatchObject([
    { reason: "person-unknown", subject: "primary", detail: "layer base names bne" },
  ]);
  const override = { fromAt: now + 1, toAt: now + 2, person: "eve" };
  expect(codesOf(withLayer({}, { overrides: [override] }), [])).toEqual(["person-unknown"]);
  expect(codesOf(withLayer({}, { overrides: [{ ...override, fromAt: 1, toAt: 2 }] }), [])).toEqual([]);
});

test("one person alone, but not in a version that is over", () => {
  expect(codesOf(withLayer({ rotation: rotation("ada", "ada") }))).toEqual(["person-alone"]);
  const layers = [
    dailyLayer({ rotation: rotation("ada"), effectiveUntil: "2026-01-01T00:00" }),
    dailyLayer({ effectiveFrom: "2026-01-01T00:00" }),
  ];
  expect(codesOf({ ...good, schedules: [scheduleOf("UTC", layers)] })).toEqual([]);
});

test("gaps are found as far as is asked, with their first time", () => {
  const ends = withLayer({ effectiveUntil: "2026-03-30T00:00" });
  expect(findingsOf(ends)).toEqual([
    {
      ...{ reason: "schedule-gap", subject: "primary", fromAt: at("2026-03-29T22:00Z") },
      detail: "1 times, 13800 minutes in all, first from 2026-03-29T22:00Z to 2026-04-08T12:00Z",
    },
    {
      ...{ reason: "policy-ends-at-nobody", subject: "default", fromAt: at("2026-03-29T22:00Z") },
      detail: "the last step notifies schedule primary, which reaches nobody from 2026-03-29T22:00Z",
    },
  ]);
  expect(findingsOf(ends, [goodPolicy], 4)).toEqual([]);
});

test("policies that end at nobody, or name what does not exist", () => {
  expect(codesOf(good, [policyOf()])).toEqual(["policy-without-step"]);
  expect(codesOf(good, [policyOf([{ person: "ada" }], [])])).toEqual(["policy-ends-at-nobody"]);
  expect(codesOf(good, [policyOf([{ person: "adda" }], [{ person: "ada" }])])).toEqual(["person-unknown"]);
  expect(codesOf(good, [policyOf([{ schedule: "nope" }])])).toEqual(["schedule-unknown", "policy-ends-at-nobody"]);
});

test("a second target covers what the first leaves open", () => {
  const ends = withLayer({ effectiveUntil: "2026-03-30T00:00" });
  expect(codesOf(ends, [policyOf([{ schedule: "primary" }, { person: "ada" }])])).toEqual(["schedule-gap"]);
});

test.each<[string, Partial<Layer>]>([
  ["a zone", { timeZone: "Europe/Nowhere" }],
  ["a handover", { rotation: { ...rotation("ada", "ben"), handover: { kind: "daily", at: "9:00" } } }],
  ["a window that opens later", { effectiveFrom: "2027-01-01T00:00", restrictions: [{ from: "09:00", to: "25:00" }] }],
  ["an end", { effectiveUntil: "tomorrow" }],
])("%s that cannot be read is one finding of its schedule, and the rest is checked", (_, changes) => {
  const broken = { ...withLayer(changes).schedules[0], name: "broken" } as OnCallBook["schedules"][number];
  const book = { ...good, schedules: [broken, ...good.schedules] };
  expect(findingsOf(book)).toMatchObject([{ reason: "layer-not-readable", subject: "broken" }]);
});

test("zones of schedules and of people", () => {
  const people = [personOf("ada", "Mars/Base"), personOf("ben")];
  expect(codesOf({ ...good, people })).toEqual(["layer-not-readable"]);
  expect(codesOf({ ...good, schedules: [scheduleOf("Mars/Base", [])] }, [])).toEqual(["layer-not-readable"]);
});
