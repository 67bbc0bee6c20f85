import { expect, test } from "vitest";
import { suppressAlerts } from "../alerts/suppress/suppressions.ts";
import { openIncidentsForSuppression } from "./open-for-suppression.ts";
import { alertSeverityOf, worstIncidentSeverity } from "./severity.ts";
import { doneBy, sampleAssessment, sampleIncident, startAt } from "./testing/sample-incident.ts";
import { incidentSeverities, type Incident } from "./types.ts";
import { withAssessment } from "./with-assessment.ts";

const labels = { group: "g" };
const networkWide = doneBy(
  withAssessment(sampleIncident({ labels }), sampleAssessment({ scope: "network" }), startAt),
).incident;

test("open incidents cover their label sets, with an alert's severity", () => {
  expect(openIncidentsForSuppression([sampleIncident({ labels })])).toEqual([
    { reference: "INC-7", labelSets: [labels], severity: "warning" },
  ]);
  expect(incidentSeverities.map(alertSeverityOf)).toEqual(["critical", "critical", "warning", "info"]);
  expect([worstIncidentSeverity(["sev3", "sev2", "sev4"]), worstIncidentSeverity([])]).toEqual(["sev2", "sev4"]);
});

test("what is over or embargoed suppresses nothing", () => {
  const over: Incident = { ...sampleIncident({ labels }), status: "resolved" };
  expect(openIncidentsForSuppression([over, sampleIncident({ labels, type: "vulnerability" })])).toEqual([]);
});

test("while the network is in trouble, alerts about chain and duties are covered, and nothing about machines or security", () => {
  const alert = (of: string, severity: string) => ({
    labels: { class: of, severity },
    fingerprint: of + severity,
    severity,
    isUnknown: false,
  });
  const alerts = [
    ...["network", "performance", "missed", "late", "slow-blocks"].map((of) => alert(of, "warning")),
    ...["down", "hardware", "updates", "security", "compliance", "contract"].map((of) => alert(of, "warning")),
    alert("network", "critical"),
  ];
  const judged = suppressAlerts(
    alerts,
    { silences: [], inhibitRules: [], mutes: [], incidents: openIncidentsForSuppression([networkWide]) },
    startAt,
  );
  expect(judged.map(({ suppressedBy }) => suppressedBy.length)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
});
