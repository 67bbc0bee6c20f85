import { expect, test } from "vitest";
import { revealContent } from "./content.ts";
import type { DeclareInput } from "./declare.ts";
import { groupEnded } from "./group-ended.ts";
import { mergeIncidents } from "./merge.ts";
import { setHold } from "./set-hold.ts";
import { addTask } from "./tasks.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident, IncidentHold } from "./types.ts";

const by = "ada";
const alertSource = (groupKey: string) => ({ kind: "alert", groupKey }) as const;
const first = (input: Partial<DeclareInput> = {}) => sampleIncident({ reference: "INC-1", ...input });
const second = (input: Partial<DeclareInput> = {}) =>
  sampleIncident({ reference: "INC-2", title: "bn2 hangs", ...input });
const merge = (source: Incident, target: Incident, at = startAt + 1) => mergeIncidents(source, { target, by }, at);
const withTask = (incident: Incident, text: string) => doneBy(addTask(incident, { text, by }, startAt)).incident;
const hold = (state: IncidentHold["state"], at: number): IncidentHold => ({
  gateway: "gw",
  group: "g",
  detail: "",
  state,
  at,
});

test("alert groups, label sets, tasks and the worse severity go to the target, and both tell of it", () => {
  const source = withTask(first({ source: alertSource("a"), labels: { host: "h1" }, severity: "sev2" }), "one");
  const target = withTask(second({ source: alertSource("b"), labels: { host: "h2" } }), "two");
  const merged = doneBy(merge(source, target));
  expect(merged.incident).toMatchObject({ status: "merged", mergedInto: "INC-2", groupKeys: [], holds: [] });
  expect(revealContent(merged.incident, "verb")).toMatchObject({ title: "bn1 hangs", tasks: [], labelSets: [] });
  expect(merged.target).toMatchObject({ status: "triage", severity: "sev2", groupKeys: ["b", "a"] });
  expect(revealContent(merged.target, "verb")).toMatchObject({
    title: "bn2 hangs",
    tasks: [
      { id: "t1", text: "two" },
      { id: "t2", text: "one" },
    ],
    labelSets: [{ host: "h2" }, { host: "h1" }],
  });
  expect(merged.entries.map(({ reference }) => reference)).toEqual(["INC-1", "INC-2", "INC-2"]);
  expect(textsOf(merged.entries)).toEqual([
    "merged: Merged into INC-2.",
    "merged: INC-1 was merged into this one.",
    "severity: Severity sev3 → sev2.",
  ]);
});

test("its alerts have ended when those of both have", () => {
  const ended = (incident: Incident, groupKey: string, at: number) =>
    doneBy(groupEnded(incident, { groupKey, title: "x", firing: [] }, at)).incident;
  const [a, b] = [first({ source: alertSource("a") }), second({ source: alertSource("b") })];
  const endOf = (source: Incident, target: Incident) => doneBy(merge(source, target, startAt + 9)).target.alertsEndedAt;
  expect(endOf(ended(a, "a", startAt + 3), ended(b, "b", startAt + 5))).toBe(startAt + 5);
  expect(endOf(ended(a, "a", startAt + 3), b)).toBe(0);
  expect(endOf(ended(a, "a", startAt + 3), second())).toBe(startAt + 3);
  expect(endOf(first(), second())).toBe(0);
  expect(doneBy(merge(ended(a, "a", startAt + 3), second())).incident.alertsEndedAt).toBe(0);
});

test.each([
  ["wanted", "released", "released"],
  ["released", "wanted", "wanted"],
  ["done", "failed", "done"],
  ["done", "wanted", "done"],
  ["done", "released", "released"],
  ["failed", "done", "done"],
] as const)(
  "of a hold that is first %s, then %s, what is left is %s, whichever is merged into the other",
  (old, later, left) => {
    const [a, b] = [
      { ...first(), holds: [hold(old, 1)] },
      { ...second(), holds: [hold(later, 2)] },
    ];
    expect(doneBy(merge(a, b)).target.holds.map(({ state }) => state)).toEqual([left]);
    expect(doneBy(merge(b, a)).target.holds.map(({ state }) => state)).toEqual([left]);
  },
);

test("a hold goes along, and is released from the target", () => {
  const held = doneBy(setHold(first(), { gateway: "gw", group: "g", state: "done", detail: "", by }, startAt)).incident;
  const { target, incident } = doneBy(merge(held, second()));
  const release = { gateway: "gw", group: "g", state: "released", detail: "", by } as const;
  expect(doneBy(setHold(target, release, startAt)).incident.holds[0]?.state).toBe("released");
  expect(refusedBy(setHold(incident, release, startAt))).toBe("incident-merged");
});

test("what cannot be merged", () => {
  const [vulnerability, slashing] = [{ type: "vulnerability" }, { type: "slashing" }] as const;
  const over: Incident = { ...second(), status: "resolved" };
  expect(refusedBy(merge(first(), first()))).toBe("merge-with-itself");
  expect(refusedBy(merge(first(), over))).toBe("incident-over");
  expect(refusedBy(merge(over, first()))).toBe("incident-over");
  expect(refusedBy(merge(first(vulnerability), second()))).toBe("merge-embargoed");
  expect(refusedBy(merge(first(slashing), second()))).toBe("merge-slashing");
  expect(doneBy(merge(first(slashing), second(slashing))).target.type).toBe("slashing");
  const { incident } = doneBy(merge(first(), second()));
  expect(refusedBy(merge(incident, second()))).toBe("incident-merged");
});

test("what is plain may go into what is embargoed, and stays there", () => {
  const { target } = doneBy(merge(withTask(first(), "one"), second({ type: "vulnerability" })));
  expect(JSON.stringify(target)).not.toContain("one");
  expect(revealContent(target, "admin").tasks).toMatchObject([{ text: "one" }]);
});
