import { expect, test } from "vitest";
import { groupEnded } from "./group-ended.ts";
import { joinGroup } from "./join-group.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident } from "./types.ts";

const join = (incident: Incident, groupKey: string) =>
  joinGroup(incident, { groupKey, title: `alarm ${groupKey}` }, startAt);
const end = (incident: Incident, groupKey: string, firing: readonly string[], at = startAt + 5) =>
  groupEnded(incident, { groupKey, title: `alarm ${groupKey}`, firing }, at);
const both = doneBy(join(doneBy(join(sampleIncident(), "a")).incident, "b")).incident;

test("a group joins once", () => {
  const joined = doneBy(join(sampleIncident(), "a"));
  expect(joined.incident.groupKeys).toEqual(["a"]);
  expect(textsOf(joined.entries)).toEqual(["alert: Alarm: alarm a"]);
  expect(doneBy(join(joined.incident, "a")).entries).toEqual([]);
});

test("its alerts have ended with the last of its own groups", () => {
  const one = doneBy(end(both, "a", ["b", "of-another"]));
  expect(one.incident.alertsEndedAt).toBe(0);
  const two = doneBy(end(one.incident, "b", ["of-another"], startAt + 8));
  expect(two.incident.alertsEndedAt).toBe(startAt + 8);
  expect(textsOf([...one.entries, ...two.entries])).toEqual([
    "alert: Alarm ended: alarm a",
    "alert: Alarm ended, the last of its alarms: alarm b",
  ]);
  expect(doneBy(end(two.incident, "b", [], startAt + 9))).toEqual({
    kind: "done",
    incident: two.incident,
    entries: [],
  });
});

test("a group that fires again opens it again", () => {
  const ended = doneBy(end(both, "a", [])).incident;
  const again = doneBy(join(ended, "a"));
  expect(again.incident).toMatchObject({ alertsEndedAt: 0, groupKeys: ["a", "b"] });
  expect(textsOf(again.entries)).toEqual(["alert: Alarm fires again: alarm a"]);
});

test("what is over takes no group in, but hears that its alarms end", () => {
  const over: Incident = { ...both, status: "resolved" };
  expect(refusedBy(join(over, "c"))).toBe("incident-over");
  expect(doneBy(end(over, "a", [])).incident.alertsEndedAt).toBe(startAt + 5);
  expect(refusedBy(end(over, "x", []))).toBe("group-unknown");
  expect(refusedBy(end({ ...over, status: "merged", mergedInto: "INC-9" }, "a", []))).toBe("incident-merged");
});
