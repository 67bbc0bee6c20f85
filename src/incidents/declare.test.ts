import { expect, test } from "vitest";
import { revealContent } from "./content.ts";
import { declareIncident, type DeclareInput } from "./declare.ts";
import { doneBy, refusedBy, sampleIncident, startAt, textsOf } from "./testing/sample-incident.ts";

const bare: DeclareInput = { reference: "INC-1", title: "bn1 hangs", source: { kind: "person", by: "ada" } };
const alertSource = { kind: "alert", groupKey: "abc" } as const;
const alertOf = (alertname: string, severity: string) => ({ labels: { alertname }, severity });

test("a title is enough: an outage of sev3 in triage, with nobody in a role", () => {
  const { incident, entries } = doneBy(declareIncident(bare, startAt));
  expect(incident).toMatchObject({ type: "outage", severity: "sev3", status: "triage", roles: {}, groupKeys: [] });
  expect(incident.instants).toEqual({ declaredAt: startAt });
  expect(revealContent(incident, "verb")).toMatchObject({ title: "bn1 hangs", summary: "", labelSets: [] });
  expect(entries.map(({ author }) => author)).toEqual(["ada"]);
  expect(textsOf(entries)).toEqual(["declared: Declared as outage, sev3: bn1 hangs"]);
});

test("declared twice the same way, its entries have the same ids; another text or instant has another", () => {
  const idsOf = (input: DeclareInput, at = startAt) => doneBy(declareIncident(input, at)).entries.map(({ id }) => id);
  expect(idsOf(bare)).toEqual(idsOf(bare));
  expect(idsOf({ ...bare, title: "bn2 hangs" })).not.toEqual(idsOf(bare));
  expect(idsOf(bare, startAt + 1)).not.toEqual(idsOf(bare));
});

test.each([
  [[alertOf("ValidatorSlashed", "critical")], "slashing", "sev1"],
  [[alertOf("FinalityLag", "warning"), alertOf("ValidatorSlashed", "warning")], "slashing", "sev1"],
  [[alertOf("FewPeers", "warning"), alertOf("UpstreamsNotReady", "critical")], "outage", "sev2"],
  [[alertOf("FewPeers", "warning")], "outage", "sev3"],
  [[alertOf("Unheard", "page-me")], "outage", "sev3"],
] as const)("alerts %j open a %s of %s, unless somebody says otherwise", (alerts, type, severity) => {
  expect(sampleIncident({ source: alertSource, alerts })).toMatchObject({ type, severity, groupKeys: ["abc"] });
  expect(sampleIncident({ source: alertSource, alerts, severity: "sev4" }).severity).toBe("sev4");
});

test("a slashing is sev1 by whomever it is declared", () => {
  expect(sampleIncident({ type: "slashing" }).severity).toBe("sev1");
});

test("the person on call commands, and the system says so", () => {
  const { incident, entries } = doneBy(declareIncident({ ...bare, commander: "ben" }, startAt));
  expect(incident.roles).toEqual({ commander: "ben" });
  expect(entries[1]).toMatchObject({ kind: "role", author: "slotkeeper", text: "ben is commander: on call now." });
});

test("instants come in order, whatever clocks said", () => {
  const source = alertSource;
  expect(sampleIncident({ source }).instants).toEqual({ detectedAt: startAt, declaredAt: startAt });
  const late = { impactStartedAt: startAt + 9, detectedAt: startAt + 5 };
  expect(sampleIncident({ source, ...late }).instants).toEqual({
    impactStartedAt: startAt,
    detectedAt: startAt,
    declaredAt: startAt,
  });
  const early = { impactStartedAt: startAt - 9, detectedAt: startAt - 5 };
  expect(sampleIncident(early).instants).toEqual({ ...early, declaredAt: startAt });
});

test("texts that are empty or too long are refused; an alert's title is cut; a title is one line", () => {
  expect(refusedBy(declareIncident({ ...bare, title: " \n" }, startAt))).toBe("text-missing");
  expect(refusedBy(declareIncident({ ...bare, title: "x".repeat(201) }, startAt))).toBe("text-too-long");
  expect(refusedBy(declareIncident({ ...bare, summary: "x".repeat(10_001) }, startAt))).toBe("text-too-long");
  const titleOf = (input: Partial<DeclareInput>) => revealContent(sampleIncident(input), "verb").title;
  expect(titleOf({ source: alertSource, title: "x".repeat(500) })).toHaveLength(200);
  expect(titleOf({ title: "a\r\nlevel=error \u2028 b" })).toBe("a level=error b");
});

test("labels become its first label set; none are none", () => {
  expect(revealContent(sampleIncident({ labels: { host: "h1", zone: "" } }), "verb").labelSets).toEqual([
    { host: "h1" },
  ]);
  expect(revealContent(sampleIncident({ labels: { zone: "" } }), "verb").labelSets).toEqual([]);
});

test("a vulnerability is under embargo from its first instant", () => {
  const incident = sampleIncident({ type: "vulnerability", title: "secret" });
  expect(JSON.stringify(incident)).not.toContain("secret");
  expect(revealContent(incident, "responder").title).toBe("secret");
});
