import { expect, test } from "vitest";
import type { Assessment } from "./assessment/types.ts";
import { revealContent } from "./content.ts";
import {
  doneBy,
  refusedBy,
  sampleAssessment,
  sampleCohort,
  sampleIncident,
  startAt,
  textsOf,
} from "./testing/sample-incident.ts";
import type { Incident } from "./types.ts";
import { updateIncident } from "./update.ts";
import { withAssessment } from "./with-assessment.ts";

const assess = (incident: Incident, changes: Partial<Assessment> = {}, at = startAt + 3) =>
  doneBy(withAssessment(incident, sampleAssessment(changes), at));
const contentOf = (incident: Incident) => revealContent(incident, "verb");
const breach = (breachAt: number | undefined) => ({ slaRisks: [{ customer: "acme", sentence: "", breachAt }] });

test("the first one is told and timed; later ones are told when scope or label set changed", () => {
  const first = assess(sampleIncident());
  expect(first.incident.instants.assessedAt).toBe(startAt + 3);
  expect(textsOf(first.entries)).toEqual(["assessed: A part of ours is hit."]);
  const same = assess(first.incident, { at: startAt + 9, penaltiesGwei: 5, sentence: "Still so." }, startAt + 9);
  expect(same.entries).toEqual([]);
  expect(same.incident.instants.assessedAt).toBe(startAt + 3);
  expect(contentOf(same.incident).assessment?.penaltiesGwei).toBe(5);
  expect(assess(same.incident, { at: startAt + 9, scope: "network" }).entries).toHaveLength(1);
  expect(assess(same.incident, { at: startAt + 9, cohorts: [sampleCohort({ host: "h1" })] }).entries).toHaveLength(1);
});

test("one that is older than what is there is left out", () => {
  const newer = assess(sampleIncident(), { at: startAt + 9 }).incident;
  expect(assess(newer, { at: startAt + 8, scope: "network" })).toEqual({ kind: "done", incident: newer, entries: [] });
});

test("label sets of cohorts replace those of the assessment before, and leave those of people", () => {
  const cohorts = [sampleCohort({ host: "h1" }), sampleCohort({})];
  const first = assess(sampleIncident({ labels: { group: "g" } }), { cohorts }).incident;
  expect(contentOf(first).labelSets).toEqual([{ group: "g" }, { host: "h1" }]);
  const second = assess(first, { cohorts: [sampleCohort({ provider: "p" })] }).incident;
  expect(contentOf(second).labelSets).toEqual([{ group: "g" }, { provider: "p" }]);
  expect(contentOf(assess(second).incident).labelSets).toEqual([{ group: "g" }]);
});

const victims = (count: number) => ({ victims: { count, stakeGwei: 0, ofWatched: 100, customers: [] } });
test.each<[string, Partial<Assessment>, string]>([
  ["little", victims(5), "sev4"],
  ["more than 5 %", victims(6), "sev2"],
  ["more than 5 %, but one alone", { ...victims(6), scope: "single" }, "sev4"],
  ["nobody watched", { victims: { count: 0, stakeGwei: 0, ofWatched: 0, customers: [] } }, "sev4"],
  ["a breach to come", breach(startAt + 1), "sev2"],
  ["a breach that is there", breach(startAt), "sev1"],
  ["no breach", breach(undefined), "sev4"],
])("%s raises the severity as far as it must, and never lowers it", (_, changes, severity) => {
  const { incident, entries } = assess(sampleIncident({ severity: "sev4" }), changes);
  expect(incident.severity).toBe(severity);
  expect(entries.some(({ kind }) => kind === "severity")).toBe(severity !== "sev4");
  expect(assess(sampleIncident({ severity: "sev1" }), changes).incident.severity).toBe("sev1");
});

test("an assessment of what is embargoed is under embargo, and what is over is not assessed", () => {
  const { incident } = assess(sampleIncident({ type: "vulnerability" }), { sentence: "secret" });
  expect(JSON.stringify(incident)).not.toContain("secret");
  const over: Incident = { ...sampleIncident(), status: "resolved" };
  expect(refusedBy(withAssessment(over, sampleAssessment(), startAt))).toBe("incident-over");
});

test("what a person lowered is raised again only by an assessment that says so", () => {
  const raised = assess(sampleIncident(), victims(6)).incident;
  const lowered = doneBy(updateIncident(raised, { severity: "sev4", by: "ada" }, startAt)).incident;
  expect(assess(lowered, victims(1)).incident.severity).toBe("sev4");
});
