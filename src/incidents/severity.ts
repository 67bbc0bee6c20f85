import { labelOf, type Labels } from "../alerts/labels.ts";
import type { Severity } from "../alerts/severity.ts";
import type { Assessment } from "./assessment/types.ts";
import { incidentSeverities, type IncidentSeverity } from "./types.ts";

const slashingAlert = "ValidatorSlashed";
const muchShare = 0.05;
/** Of an assessment. */
const slashingReasons: readonly string[] = ["own-key-slashed"];

/** Is it the alert of an own validator that was slashed? */
export function isSlashingAlert({ labels }: { labels: Labels }): boolean {
  return labelOf(labels, "alertname") === slashingAlert;
}

/** How severe an incident is that an alert opens. */
export function severityOfAlert(alert: { labels: Labels; severity: string }): IncidentSeverity {
  if (isSlashingAlert(alert)) return "sev1";
  return alert.severity === "critical" ? "sev2" : "sev3";
}

/** How severe an alert an incident counts as: for paging, and for what it suppresses. */
export function alertSeverityOf(severity: IncidentSeverity): Severity {
  if (severity === "sev1" || severity === "sev2") return "critical";
  return severity === "sev3" ? "warning" : "info";
}

/** Is the first one worse than the second? */
export function isWorse(a: IncidentSeverity, b: IncidentSeverity): boolean {
  return incidentSeverities.indexOf(a) < incidentSeverities.indexOf(b);
}

/** The worst of them; sev4 for none. */
export function worstIncidentSeverity(all: readonly IncidentSeverity[]): IncidentSeverity {
  return incidentSeverities.find((severity) => all.includes(severity)) ?? "sev4";
}

/** What an assessment alone would make of it: sev1 where an own key was slashed or a contract is broken, sev2 where one will be or more than 5 % are hit. */
export function severityOfAssessment({ at, reason, slaRisks, scope, victims }: Assessment): IncidentSeverity {
  if (slashingReasons.includes(reason)) return "sev1";
  const breaches = slaRisks.flatMap(({ breachAt }) => breachAt ?? []);
  if (breaches.some((breachAt) => breachAt <= at)) return "sev1";
  if (breaches.length > 0) return "sev2";
  const isMuch = victims.ofWatched > 0 && victims.count / victims.ofWatched > muchShare;
  if (isMuch && scope !== "single") return "sev2";
  return "sev4";
}
