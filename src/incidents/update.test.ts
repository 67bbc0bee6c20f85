import { expect, test } from "vitest";
import { revealContent } from "./content.ts";
import { declineIncident } from "./decline.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";
import type { Incident, IncidentStatus } from "./types.ts";
import { updateIncident, type UpdateInput } from "./update.ts";

const by = "ada";
const update = (incident: Incident, changes: Omit<UpdateInput, "by">, at = startAt + 10, author = by) =>
  updateIncident(incident, { ...changes, by: author }, at);
const updated = (...args: Parameters<typeof update>) => doneBy(update(...args));
const declined = doneBy(declineIncident(sampleIncident(), { reason: "a test", by }, startAt)).incident;

test("each change has its line, and what stays as it is has none", () => {
  const changes = {
    title: " bn1  hangs again ",
    summary: "disk",
    type: "provider" as const,
    severity: "sev2" as const,
    status: "identified" as const,
    roles: { commander: "ben", scribe: "" },
    note: "called them",
  };
  const { incident, entries } = updated(sampleIncident({ commander: "ada" }), changes);
  expect(incident).toMatchObject({
    type: "provider",
    severity: "sev2",
    status: "identified",
    roles: { commander: "ben" },
  });
  expect(revealContent(incident, "verb")).toMatchObject({ title: "bn1 hangs again", summary: "disk" });
  expect(textsOf(entries)).toEqual([
    "note: Type outage → provider.",
    "note: Title: bn1 hangs again",
    "note: Summary: disk",
    "severity: Severity sev3 → sev2.",
    "status: Status triage → identified.",
    "role: ben is commander.",
    "note: called them",
  ]);
  const again = updated(incident, { ...changes, note: "called them twice" });
  expect(textsOf(again.entries)).toEqual(["note: called them twice"]);
  expect(again.incident).toEqual(incident);
});

test("an empty name takes a role away", () => {
  const { incident, entries } = updated(sampleIncident({ commander: "ada" }), { roles: { commander: " " } });
  expect(incident.roles).toEqual({});
  expect(textsOf(entries)).toEqual(["role: Nobody is commander now."]);
});

const live = ["investigating", "identified", "isolated", "monitoring"] as const;
test("live statuses follow each other in any order, and nothing else follows by an update", () => {
  for (const from of ["triage", ...live] as const)
    for (const to of ["triage", ...live, "resolved", "declined", "merged"] as const) {
      const result = update({ ...sampleIncident(), status: from }, { status: to });
      if (to === from || live.some((status) => status === to)) expect(doneBy(result).incident.status).toBe(to);
      else expect(refusedBy(result), `${from} to ${to}`).toBe("status-not-so");
    }
});

test.each([
  ["isolated", "isolatedAt"],
  ["monitoring", "mitigatedAt"],
] as const)("status %s sets %s, and again when it is reached again", (status, instant) => {
  const first = updated(sampleIncident(), { status }, startAt + 10).incident;
  expect(first.instants[instant]).toBe(startAt + 10);
  const back = updated(first, { status: "investigating" }, startAt + 20).incident;
  expect(back.instants[instant]).toBe(startAt + 10);
  expect(updated(back, { status }, startAt + 30).incident.instants[instant]).toBe(startAt + 30);
});

test("a person who sets it going has acknowledged it; Slotkeeper has not", () => {
  const acknowledgedAt = (author: string) =>
    updated(sampleIncident(), { status: "investigating" }, startAt + 10, author).incident.instants.acknowledgedAt;
  expect(acknowledgedAt("ada")).toBe(startAt + 10);
  expect(acknowledgedAt("slotkeeper")).toBeUndefined();
});

test("a clock that steps back makes nothing happen before its cause", () => {
  const isolated = updated(sampleIncident(), { status: "isolated" }, startAt + 10).incident;
  const { incident, entries } = updated(isolated, { status: "monitoring" }, startAt - 500);
  expect(incident.instants.mitigatedAt).toBe(startAt + 10);
  expect(entries[0]?.at).toBe(startAt + 10);
});

test("what becomes a slashing becomes sev1, unless the same person says otherwise", () => {
  expect(updated(sampleIncident(), { type: "slashing" }).incident.severity).toBe("sev1");
  expect(updated(sampleIncident(), { type: "slashing", severity: "sev2" }).incident.severity).toBe("sev2");
});

test("what becomes a vulnerability stays one, also when it is over", () => {
  for (const incident of [sampleIncident(), declined]) {
    const secret = updated(incident, { type: "vulnerability", note: "told by a researcher" }).incident;
    expect(secret.type).toBe("vulnerability");
    expect(JSON.stringify(secret)).not.toContain("bn1 hangs");
    expect(revealContent(secret, "responder").title).toBe("bn1 hangs");
  }
  const open = updated(sampleIncident(), { type: "vulnerability" }).incident;
  expect(refusedBy(update(open, { type: "outage" }))).toBe("embargo-is-final");
  expect(textsOf(updated(open, { type: "vulnerability", title: "x" }).entries)).toEqual(["note: Title: x"]);
});

test("nothing else of what is over changes", () => {
  const merged = { ...sampleIncident(), status: "merged" as IncidentStatus, mergedInto: "INC-8" };
  const changes: Omit<UpdateInput, "by">[] = [
    { title: "x" },
    { roles: { scribe: "ben" } },
    { status: "investigating" },
    { type: "vulnerability", severity: "sev1" },
    { type: "outage" },
    { note: "x" },
  ];
  for (const change of changes) {
    expect(refusedBy(update(declined, change))).toBe("incident-over");
    expect(refusedBy(update(merged, change))).toBe("incident-merged");
  }
});

test("bad texts leave everything as it was", () => {
  const incident = sampleIncident();
  expect(refusedBy(update(incident, { title: " ", severity: "sev1" }))).toBe("text-missing");
  expect(refusedBy(update(incident, { note: "" }))).toBe("text-missing");
  expect(refusedBy(update(incident, { note: "a\0b" }))).toBe("text-not-plain");
  expect(refusedBy(update(incident, { roles: { scribe: "x".repeat(201) } }))).toBe("text-too-long");
  expect(refusedBy(update(incident, { summary: "x".repeat(10_001) }))).toBe("text-too-long");
});
