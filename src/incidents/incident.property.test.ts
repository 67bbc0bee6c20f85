import fc from "fast-check";
import { expect, test } from "vitest";
import { acknowledgeIncident } from "./acknowledge.ts";
import { addNote } from "./add-note.ts";
import { revealContent } from "./content.ts";
import { declareIncident } from "./declare.ts";
import { declineIncident } from "./decline.ts";
import { groupEnded } from "./group-ended.ts";
import { joinGroup } from "./join-group.ts";
import { mergeIncidents } from "./merge.ts";
import { resolveIncident } from "./resolve.ts";
import { setHold } from "./set-hold.ts";
import { isWorse } from "./severity.ts";
import { isOpen } from "./status.ts";
import { addTask, setTask } from "./tasks.ts";
import { sampleAssessment, sampleCohort, startAt } from "./testing/sample-incident.ts";
import {
  incidentInstants,
  incidentRoles,
  incidentSeverities,
  incidentStatuses,
  incidentTypes,
  type Incident,
  type TimelineEntry,
} from "./types.ts";
import { updateIncident } from "./update.ts";
import type { Done, Refusal } from "./verb-result.ts";
import { withAssessment } from "./with-assessment.ts";

type Book = ReadonlyMap<string, Incident>;
type Result = Done | Refusal;
interface Act {
  name: string;
  on: string;
  do: (incident: Incident, book: Book, now: number) => Result;
}

const references = ["INC-1", "INC-2", "INC-3"];
const by = fc.constantFrom("ada", "ben", "slotkeeper");
const text = fc.constantFrom("", "x", "why so", "y".repeat(10_001));
const groupKey = fc.constantFrom("a", "b", "c");
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** Without what is `undefined`: an absent field is absent. */
const trimmed = <T extends object>(input: T) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>;
  };

const act = <T>(
  name: string,
  input: fc.Arbitrary<T>,
  run: (incident: Incident, input: T, now: number, book: Book) => Result,
): fc.Arbitrary<Act> =>
  fc.record({ on: fc.constantFrom(...references), input }).map(({ on, input: given }) => ({
    name: `${name} ${JSON.stringify(given).slice(0, 80)}`,
    on,
    do: (incident, book, now) => run(incident, given, now, book),
  }));

const update = fc
  .record({
    title: maybe(text),
    summary: maybe(text),
    note: maybe(text),
    type: maybe(fc.constantFrom(...incidentTypes)),
    severity: maybe(fc.constantFrom(...incidentSeverities)),
    status: maybe(fc.constantFrom(...incidentStatuses)),
    roles: maybe(fc.dictionary(fc.constantFrom(...incidentRoles), fc.constantFrom("", "ada", "ben"))),
    by,
  })
  .map(trimmed);
const assessment = fc
  .record({
    at: fc.integer({ min: startAt, max: startAt + 9 }),
    scope: fc.constantFrom("single", "multiple", "network", "unknown"),
    cohorts: fc.constantFrom([], [sampleCohort({ host: "h1" })]),
    count: fc.constantFrom(1, 50),
  })
  .map(({ count, ...rest }) =>
    sampleAssessment({ ...rest, victims: { count, stakeGwei: 0, ofWatched: 100, customers: [] } }),
  );
const hold = fc.record({
  gateway: fc.constantFrom("gw1", "gw2"),
  group: fc.constant("g"),
  state: fc.constantFrom("wanted", "done", "failed", "released"),
  detail: fc.constant("why"),
  by,
});

const anyAct = fc.oneof(
  act("acknowledge", fc.record({ by }), acknowledgeIncident),
  { arbitrary: act("update", update, updateIncident), weight: 4 },
  act("note", fc.record({ text, by }), addNote),
  act("add task", fc.record({ text, by }), addTask),
  act(
    "set task",
    fc.record({ task: fc.constantFrom("t1", "t9"), state: fc.constantFrom("done", "dropped"), by }),
    setTask,
  ),
  act("merge", fc.record({ into: fc.constantFrom(...references), by }), (incident, { into, by: who }, now, book) =>
    mergeIncidents(incident, { target: book.get(into) ?? incident, by: who }, now),
  ),
  act("resolve", fc.record({ summary: text, by }), resolveIncident),
  act("decline", fc.record({ reason: text, by }), declineIncident),
  act("assess", assessment, withAssessment),
  act("join", fc.record({ groupKey, title: text }), joinGroup),
  act("end", fc.record({ groupKey, title: text, firing: fc.subarray(["a", "b", "c"]) }), groupEnded),
  { arbitrary: act("hold", hold, setHold), weight: 2 },
);
const step = fc.record({ act: anyAct, later: fc.integer({ min: -1_000, max: 5_000 }) });
const beginning = fc.tuple(...references.map(() => fc.constantFrom(...incidentTypes)));

/** A verb that would change what it is given throws. */
function frozen(incident: Incident): Incident {
  const freeze = (value: unknown) => {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  };
  freeze(incident);
  freeze(revealContent(incident, "verb"));
  return incident;
}

/** What must hold of every incident whatever was done. */
function expectPossible(incident: Incident): void {
  const { status, instants, mergedInto, groupKeys, alertsEndedAt, holds } = incident;
  const { tasks } = revealContent(incident, "verb");
  expect(instants.resolvedAt !== undefined).toBe(status === "resolved");
  expect(mergedInto !== undefined).toBe(status === "merged");
  if (status === "merged") expect([groupKeys, holds, tasks]).toEqual([[], [], []]);
  const [impact = 0, detected = impact, declared = detected] = [
    ...[instants.impactStartedAt, instants.detectedAt, instants.declaredAt],
  ];
  expect(impact <= detected && detected <= declared).toBe(true);
  for (const name of incidentInstants.slice(3)) expect(instants[name] ?? declared).toBeGreaterThanOrEqual(declared);
  for (const at of Object.values(instants)) expect(instants.resolvedAt ?? at).toBeGreaterThanOrEqual(at);
  if (groupKeys.length === 0) expect(alertsEndedAt).toBe(0);
  expect(Object.values(incident.roles)).not.toContain("");
  for (const list of [groupKeys, tasks.map(({ id }) => id), holds.map(({ gateway, group }) => `${gateway}/${group}`)])
    expect(new Set(list).size).toBe(list.length);
}

/** What must hold from one state of an incident to the next. */
function expectFollows(before: Incident, after: Incident, what: string): void {
  expect(after.reference).toBe(before.reference);
  for (const name of incidentInstants)
    expect(after.instants[name] ?? -1, `${name} after ${what}`).toBeGreaterThanOrEqual(before.instants[name] ?? -1);
  for (const name of ["declaredAt", "detectedAt", "impactStartedAt", "acknowledgedAt", "assessedAt"] as const)
    if (before.instants[name] !== undefined) expect(after.instants[name]).toBe(before.instants[name]);
  if (before.type === "vulnerability") expect(after.type).toBe("vulnerability");
  if (before.status !== "triage") expect(after.status).not.toBe("triage");
  if (!isOpen(before)) {
    const { status, roles, severity, instants, mergedInto, groupKeys } = before;
    expect(after, what).toMatchObject({ status, roles, severity, instants, mergedInto, groupKeys });
    expect(revealContent(after, "verb").title).toBe(revealContent(before, "verb").title);
  }
  if (what.startsWith("assess") || what.startsWith("merge"))
    expect(isWorse(before.severity, after.severity), what).toBe(false);
  for (const held of before.holds.filter(({ state }) => state === "done")) {
    const now = after.holds.find(({ gateway, group }) => gateway === held.gateway && group === held.group);
    if (after.status !== "merged") expect(["done", "released"]).toContain(now?.state);
  }
}

test("whatever is done in whatever order by whatever clock, no incident is impossible", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(beginning, fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), (types, steps) => {
      const book = new Map<string, Incident>();
      const timeline = new Map<string, TimelineEntry>();
      types.forEach((type, index) => {
        const reference = references[index] ?? "";
        const made = declareIncident({ reference, title: "t", type, source: { kind: "person", by: "ada" } }, startAt);
        if (made.kind === "done") book.set(reference, frozen(made.incident));
      });
      let now = startAt;
      for (const { act: each, later } of steps) {
        now += later;
        const before = book.get(each.on);
        if (!before) throw new Error("every incident was declared");
        const result = each.do(before, book, now);
        seen.add(`${each.name.split(" ")[0]} ${result.kind}`);
        if (result.kind === "refused") {
          seen.add(result.reason);
          continue;
        }
        const others = "target" in result ? [(result as { target: Incident }).target] : [];
        for (const after of [result.incident, ...others]) {
          const was = book.get(after.reference) ?? before;
          expectPossible(after);
          expectFollows(was, after, each.name);
          book.set(after.reference, frozen(after));
        }
        for (const entry of result.entries) {
          expect([result.incident, ...others].map(({ reference }) => reference)).toContain(entry.reference);
          expect(entry.at).toBeGreaterThanOrEqual(startAt);
          expect(timeline.get(entry.id) ?? entry).toEqual(entry);
          timeline.set(entry.id, entry);
        }
        if (result.entries.length === 0 && !each.name.startsWith("assess")) expect(result.incident).toEqual(before);
      }
      const joined = [...book.values()].flatMap(({ groupKeys }) => groupKeys);
      expect(joined.every((key) => ["a", "b", "c"].includes(key))).toBe(true);
    }),
    { numRuns: 400 },
  );
  // Every verb was both done and refused, so that the run proved something.
  const verbs = [
    "acknowledge",
    "update",
    "note",
    "add",
    "set",
    "merge",
    "resolve",
    "decline",
    "assess",
    "join",
    "end",
    "hold",
  ];
  for (const verb of verbs)
    expect([seen.has(`${verb} done`), seen.has(`${verb} refused`), verb]).toEqual([true, true, verb]);
  for (const reason of [
    "embargo-is-final",
    "merge-embargoed",
    "merge-slashing",
    "hold-not-so",
    "person-needed",
    "summary-needed",
  ])
    expect(seen).toContain(reason);
});
