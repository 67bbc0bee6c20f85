import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { acknowledgeIncident } from "../acknowledge.ts";
import { addNote } from "../add-note.ts";
import type { Assessment } from "../assessment/types.ts";
import { declineIncident } from "../decline.ts";
import { Embargoed } from "../embargo.ts";
import { groupEnded } from "../group-ended.ts";
import { joinGroup } from "../join-group.ts";
import { mergeIncidents } from "../merge.ts";
import { openIncidentsForSuppression } from "../open-for-suppression.ts";
import { resolveIncident } from "../resolve.ts";
import { setHold } from "../set-hold.ts";
import { addTask, setTask } from "../tasks.ts";
import { sampleIncident, startAt } from "../testing/sample-incident.ts";
import { entryOf } from "../timeline.ts";
import {
  incidentStatuses,
  type EmbargoedIncident,
  type Incident,
  type IncidentContent,
  type IncidentStatus,
} from "../types.ts";
import { updateIncident } from "../update.ts";
import type { Refusal } from "../verb-result.ts";
import { withAssessment } from "../with-assessment.ts";
import { contentFor, entriesFor } from "./content-for.ts";
import { headlineOf } from "./headline.ts";
import { publicIncident } from "./public-incident.ts";

const by = "ada";

/** Content with the marker in every text that there is. */
function contentWith(m: string): IncidentContent {
  const fact = { text: m, link: m, at: 1 };
  const assessment: Assessment = {
    ...{ at: 1, scope: "multiple", reason: "scope-not-known", sentence: m, evidence: [fact] },
    victims: { count: 1, stakeGwei: 1, ofWatched: 9, customers: [m] },
    cohorts: [{ labels: { [m]: m }, coverage: 1, density: 1, victims: 1, validators: 1 }],
    firstLook: [{ question: "nodes", verdict: "bad", sentence: m, facts: [fact] }],
    causes: [{ code: m, lost: 1 }],
    ...{ changes: [fact], logSignatures: [fact], penaltiesGwei: 1 },
    slaRisks: [{ customer: m, sentence: m, breachAt: undefined }],
  };
  const tasks = [{ id: "t1", text: m, owner: m, state: "open" as const }];
  return { title: m, summary: m, tasks, labelSets: [{ [m]: m, other: m }], assessment };
}

function secretOf(marker: string, status: IncidentStatus): EmbargoedIncident {
  const incident = sampleIncident({ type: "vulnerability" });
  if (incident.type !== "vulnerability") throw new Error("not of this test");
  return { ...incident, status, content: new Embargoed(contentWith(marker)) };
}

/** The refusals of every verb, with the marker in every text that goes in. */
function refusalsOf(secret: Incident, m: string): Refusal[] {
  const plain = sampleIncident({ reference: "INC-8" });
  const long = m.repeat(10_001);
  const results = [
    acknowledgeIncident(secret, { by }, startAt),
    ...[m, long, ""].flatMap((text) => [
      addNote(secret, { text, by }, startAt),
      addTask(secret, { text, owner: text, by }, startAt),
      setTask(secret, { task: text, owner: text, by }, startAt),
      declineIncident(secret, { reason: text, by }, startAt),
      declineIncident(secret, { reason: text, by: "slotkeeper" }, startAt),
      resolveIncident(secret, { summary: text, by }, startAt),
      updateIncident(secret, { title: text, summary: text, note: text, by }, startAt),
    ]),
    updateIncident(secret, { type: "outage", note: m, by }, startAt),
    updateIncident(secret, { status: "resolved", by }, startAt),
    mergeIncidents(secret, { target: plain, by }, startAt),
    mergeIncidents(secret, { target: secret, by }, startAt),
    mergeIncidents(plain, { target: secret, by }, startAt),
    withAssessment(secret, contentWith(m).assessment as Assessment, startAt),
    setHold(secret, { gateway: "gw", group: "g", state: "released", detail: m, by }, startAt),
    joinGroup(secret, { groupKey: m, title: m }, startAt),
    groupEnded(secret, { groupKey: m, title: m, firing: [] }, startAt),
  ];
  return results.filter((result) => result.kind === "refused");
}

/** Everything that may reach somebody who is no responder. */
function shownToAll(secret: EmbargoedIncident, m: string): string {
  const entries = [entryOf(secret.reference, "note", by, m, startAt)];
  const plain = sampleIncident({ reference: "INC-8" });
  const merged = mergeIncidents(plain, { target: secret, by }, startAt);
  const open = openIncidentsForSuppression([secret]);
  const texts = [
    ...[JSON.stringify(secret), JSON.stringify({ deep: [secret] }), JSON.stringify(secret.content)],
    ...[
      inspect(secret),
      inspect(secret, { depth: null, showHidden: true }),
      inspect(secret, { depth: null, customInspect: false }),
      inspect(secret.content, { showHidden: true }),
    ],
    ...[String(secret), String(secret.content), `${secret.content as unknown as string}`],
    ...[Object.values(secret).join(), JSON.stringify(Object.entries(secret.content))],
    ...[headlineOf(secret), String(publicIncident(secret)), JSON.stringify(open)],
    ...[undefined, "viewer" as const].flatMap((reader) => [
      JSON.stringify(contentFor(secret, reader)) ?? "",
      JSON.stringify(entriesFor(secret, entries, reader)),
    ]),
    JSON.stringify(structuredClone({ ...secret, content: String(secret.content) })),
    // A plain incident that is merged into it stays readable: nothing of the target may be in it or its entries.
    merged.kind === "done" ? JSON.stringify([merged.incident, merged.target, merged.entries]) : "",
    new Error(`declare ${headlineOf(secret)}`, { cause: secret }).message,
    inspect(new Error("x", { cause: secret }), { depth: null }),
    JSON.stringify(refusalsOf(secret, m)),
  ];
  return texts.join("\n");
}

test("a marker in every text of an embargoed incident is found in nothing that is for everybody", () => {
  const marker = fc.stringMatching(/^[A-Za-z]{12}$/).map((text) => `Zq${text}`);
  fc.assert(
    fc.property(marker, fc.constantFrom(...incidentStatuses), (m, status) => {
      const secret = secretOf(m, status);
      expect(shownToAll(secret, m)).not.toContain(m);
      // The test can fail: the marker is there, for those who may see it.
      expect(JSON.stringify(contentFor(secret, "responder"))).toContain(m);
      expect(refusalsOf(secret, m).length).toBeGreaterThan(5);
    }),
    { numRuns: 60 },
  );
});

test("the same marker in a plain incident is found, so that the look is a look", () => {
  const plain = {
    ...sampleIncident(),
    type: "outage",
    content: contentWith("ZqMarker"),
  } as unknown as EmbargoedIncident;
  expect(JSON.stringify(plain)).toContain("ZqMarker");
  expect(headlineOf(plain)).toContain("ZqMarker");
});

test("every verb that is done to it leaves it under embargo", () => {
  const secret = secretOf("ZqMarker", "investigating");
  const results = [
    acknowledgeIncident(secret, { by }, startAt),
    updateIncident(secret, { title: "ZqMarker 2", summary: "ZqMarker", status: "isolated", by }, startAt),
    addTask(secret, { text: "ZqMarker", by }, startAt),
    setTask(secret, { task: "t1", state: "done", by }, startAt),
    withAssessment(secret, contentWith("ZqMarker").assessment as Assessment, startAt),
    resolveIncident(secret, { summary: "ZqMarker", by }, startAt),
    setHold(secret, { gateway: "gw", group: "g", state: "wanted", detail: "", by }, startAt),
  ];
  for (const result of results) {
    expect(result.kind).toBe("done");
    if (result.kind === "done") expect(inspect(result.incident, { depth: null })).not.toContain("ZqMarker");
  }
});
