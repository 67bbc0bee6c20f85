import { describe, expect, test } from "vitest";
import { escalate, startEscalation } from "./escalate.ts";
import type { EscalationEvent, EscalationPolicy, EscalationResult, OnCallBook } from "./escalation.ts";
import { at, dailyLayer, personOf, scheduleOf } from "./testing/fixtures.ts";

const minuteMs = 60_000;
const start = at("2026-05-04T12:00Z");
const rotation = (...people: string[]) => ({ handover: { kind: "daily" as const, at: "00:00" }, people });
const book: OnCallBook = {
  schedules: [
    scheduleOf("UTC", [dailyLayer({ rotation: rotation("ada") })]),
    { ...scheduleOf("UTC", []), name: "empty" },
    { ...scheduleOf("UTC", [dailyLayer({ rotation: rotation("gone") })]), name: "gone" },
  ],
  people: [personOf("ada"), personOf("ben"), personOf("cleo"), { ...personOf("mute"), contacts: [] }],
};
const policy: EscalationPolicy = {
  name: "default",
  steps: [
    { afterMs: 0, notify: [{ schedule: "primary" }] },
    { afterMs: 5 * minuteMs, notify: [{ person: "ben" }] },
    { afterMs: 10 * minuteMs, notify: [{ person: "cleo" }] },
  ],
  repeats: 1,
  repeatAfterMs: 15 * minuteMs,
  acknowledgeExpiryMs: 30 * minuteMs,
};
const told = ({ pages }: EscalationResult) => pages.map(({ person, round, step }) => `${person} ${round}/${step}`);
const dueIn = ({ state }: EscalationResult) => ((state.dueAt ?? NaN) - start) / minuteMs;
/** Events in minutes after the start, one after the other; every result. */
const play = (
  events: readonly (number | ["acknowledge" | "resolve", number])[],
  changes: Partial<EscalationPolicy> = {},
  places: OnCallBook = book,
): EscalationResult[] => {
  const results = [startEscalation({ ...policy, ...changes }, start, places)];
  for (const each of events) {
    const [kind, minute] = typeof each === "number" ? (["sweep", each] as const) : each;
    const event: EscalationEvent = { kind, at: start + minute * minuteMs, by: "ada" };
    results.push(escalate(results.at(-1)?.state ?? expect.fail("no result"), event, places));
  }
  return results;
};
const last = (results: readonly EscalationResult[]) => results.at(-1) ?? expect.fail("no result");

test("step after step until nobody is left, each with the time that the next is due", () => {
  const results = play([4, 5, 14.9, 15, 29, 30, 35, 45, 60]);
  expect(results.map(told)).toEqual([
    ...[["ada 0/0"], [], ["ben 0/1"], [], ["cleo 0/2"], [], ["ada 1/0"], ["ben 1/1"], ["cleo 1/2"], []],
  ]);
  expect(results.map(dueIn)).toEqual([5, 5, 15, 15, 30, 30, 35, 45, 60, NaN]);
  expect(last(results)).toMatchObject({ state: { kind: "expired" }, reason: "escalation-expired" });
});

test("a first step with a delay is pending", () => {
  const steps = [{ afterMs: 2 * minuteMs, notify: [{ person: "ben" }] }];
  const [pending, triggered] = play([2], { steps });
  expect(pending).toMatchObject({ state: { kind: "pending" }, pages: [], reason: "escalation-pending" });
  expect(triggered).toMatchObject({ state: { kind: "triggered" }, pages: [{ person: "ben" }] });
});

describe("acknowledgement", () => {
  test("stops the pages; resolved is the end", () => {
    const results = play([["acknowledge", 3], 10, 29, ["resolve", 32], 200, ["acknowledge", 201]]);
    expect(results.slice(1).flatMap(told)).toEqual([]);
    expect(results[1]).toMatchObject({ state: { kind: "acknowledged", by: "ada" }, reason: "escalation-acknowledged" });
    expect(results[4]).toMatchObject({ state: { kind: "resolved", by: "ada", dueAt: undefined } });
    expect(last(results)).toMatchObject({ state: { kind: "resolved" }, reason: "escalation-over" });
  });

  test("that expires returns to triggered, from the first step, with every repeat again", () => {
    const results = play([5, ["acknowledge", 6], 35.9, 36, 41, 51, 66]);
    expect(results.map(dueIn)).toEqual([5, 15, 36, 36, 41, 51, 66, 71]);
    expect(results[4]).toMatchObject({ state: { kind: "triggered", round: 1 }, reason: "acknowledgement-expired" });
    expect(results.slice(4).map(told)).toEqual([["ada 1/0"], ["ben 1/1"], ["cleo 1/2"], ["ada 2/0"]]);
  });

  test("given again begins its time again; without an expiry it holds for ever", () => {
    expect(
      dueIn(
        last(
          play([
            ["acknowledge", 1],
            ["acknowledge", 20],
          ]),
        ),
      ),
    ).toBe(50);
    const { acknowledgeExpiryMs: _, ...forEver } = policy;
    const acknowledged = escalate(
      startEscalation(forEver, start, book).state,
      { kind: "acknowledge", at: start, by: "ben" },
      book,
    );
    expect(acknowledged.state.dueAt).toBeUndefined();
    const sweptLater = escalate(acknowledged.state, { kind: "sweep", at: start + 1e12 }, book);
    expect(sweptLater).toMatchObject({ pages: [], state: { kind: "acknowledged" } });
  });

  test("before an overdue step was swept ends it, and works when everything has expired", () => {
    expect(told(last(play([["acknowledge", 8], 9])))).toEqual([]);
    expect(last(play([5, 15, 30, 35, 45, 60, ["acknowledge", 70]])).state.kind).toBe("acknowledged");
  });
});

describe("a step that reaches nobody", () => {
  test.each([
    ["a schedule with nobody", { schedule: "empty" }, "no-layer-in-effect"],
    ["a schedule that does not exist", { schedule: "nope" }, "schedule-unknown"],
    ["a schedule with an unknown person", { schedule: "gone" }, "person-unknown"],
    ["a person without contact", { person: "mute" }, "person-without-contact"],
  ] as const)("%s: the next step follows at once, and says so", (_, target, reason) => {
    const steps = [{ afterMs: 0, notify: [target] }, ...policy.steps.slice(1)];
    const [first] = play([], { steps });
    if (!first) expect.fail("no result");
    expect(told(first)).toEqual(["ben 0/1"]);
    expect(dueIn(first)).toBe(10);
    expect(first.notes).toEqual([
      { round: 0, step: 0, target, reason },
      { round: 0, step: 0, target: undefined, reason: "step-reached-nobody" },
      { round: 0, step: 1, target: { person: "ben" }, reason: "page-sent" },
    ]);
  });

  test("one target of two is enough, and the other is told", () => {
    const steps = [{ afterMs: 0, notify: [{ schedule: "empty" }, { person: "ben" }] }, ...policy.steps.slice(1)];
    const [first] = play([], { steps });
    expect(first && told(first)).toEqual(["ben 0/0"]);
    expect(first?.notes.map(({ reason }) => reason)).toEqual(["no-layer-in-effect", "page-sent"]);
  });

  test("a policy of nobody waits between its rounds, and ends", () => {
    const steps = [
      { afterMs: 0, notify: [] },
      { afterMs: minuteMs, notify: [{ schedule: "empty" }] },
    ];
    const results = play([14, 15, 30], { steps });
    expect(results.map(dueIn)).toEqual([15, 15, 30, NaN]);
    expect(results.flatMap(told)).toEqual([]);
    expect(last(results).state.kind).toBe("expired");
    expect(last(play([], { steps: [] })).state.kind).toBe("expired");
  });
});

test("one person named twice is paged once", () => {
  const steps = [{ afterMs: 0, notify: [{ schedule: "primary" }, { person: "ada" }] }];
  const [first] = play([], { steps });
  expect(first && told(first)).toEqual(["ada 0/0"]);
  expect(first?.notes.map(({ reason }) => reason)).toEqual(["page-sent", "paged-already"]);
});

test("a late sweep pages every overdue step of the round, and the next round counts from the sweep", () => {
  const results = play([300, 301, 315, 320]);
  expect(results.map(told)).toEqual([["ada 0/0"], ["ben 0/1", "cleo 0/2"], [], ["ada 1/0"], ["ben 1/1"]]);
  expect(results[1]?.pages.map(({ dueAt, at }) => [(dueAt - start) / minuteMs, (at - start) / minuteMs])).toEqual([
    [5, 300],
    [15, 300],
  ]);
});

test("who is on call is asked when the page goes out, and an edited policy does not change what is under way", () => {
  const later = { ...book, schedules: [scheduleOf("UTC", [dailyLayer({ rotation: rotation("cleo") })])] };
  const edited = structuredClone(policy) as { steps: { afterMs: number; notify: unknown[] }[] } & EscalationPolicy;
  const { state } = startEscalation(edited, start, book);
  edited.steps.length = 0;
  const swept = escalate(state, { kind: "sweep", at: start + 5 * minuteMs }, later);
  expect(told(swept)).toEqual(["ben 0/1"]);
  const round = [15, 30].reduce(
    (result, minute) => escalate(result.state, { kind: "sweep", at: start + minute * minuteMs }, later),
    swept,
  );
  expect(told(round)).toEqual(["cleo 1/0"]);
});

test("a state survives being a row", () => {
  const { state } = startEscalation(policy, start, book);
  const row = JSON.parse(JSON.stringify(state)) as typeof state;
  const event = { kind: "sweep", at: start + 5 * minuteMs } as const;
  expect(escalate(row, event, book)).toEqual(escalate(state, event, book));
});
