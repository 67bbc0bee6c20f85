import { labelKey, type Labels } from "../alerts/labels.ts";
import type { AlertClass } from "../alerts/defaults/rule-row.ts";
import type { OpenIncident } from "../alerts/suppress/types.ts";
import type { Assessment } from "./assessment/types.ts";
import { alertSeverityOf } from "./severity.ts";
import { isOpen } from "./status.ts";
import type { Incident, PlainIncident } from "./types.ts";

/** What one trouble of the chain or of a part of the fleet shows up as, all at once. */
export const dutyClasses: readonly AlertClass[] = ["network", "performance", "missed", "late", "slow-blocks"];

/**
 * Open incidents as the suppression of alerts takes them. An embargoed one suppresses nothing: that would tell of it. What an alarm is
 * about hides no other alarm about the same thing, which may be worse; what an assessment found hides lost duties of the same
 * validators; what a person wrote down hides what they said.
 */
export function openIncidentsForSuppression(incidents: readonly Incident[]): OpenIncident[] {
  return incidents.filter(isOpen).flatMap((incident) => {
    if (incident.type === "vulnerability") return [];
    const { assessment } = incident.content;
    return {
      ...{ reference: incident.reference, severity: alertSeverityOf(incident.severity) },
      labelSets: writtenByPerson(incident),
      ...coveredDuties(assessment),
    };
  });
}

/** In trouble of the whole network everybody's lost duties, else those of the victims. */
function coveredDuties(assessment: Assessment | undefined): Pick<OpenIncident, "coversClasses" | "coversWithin"> {
  if (assessment?.scope === "network") return { coversClasses: dutyClasses };
  const sets = (assessment?.cohorts ?? []).map(({ labels }) => labels);
  return sets.length === 0 ? {} : { coversClasses: dutyClasses, coversWithin: sets };
}

function writtenByPerson({ source, content }: PlainIncident): readonly Labels[] {
  if (source.kind !== "person") return [];
  const assessed = new Set((content.assessment?.cohorts ?? []).map(({ labels }) => labelKey(labels)));
  return content.labelSets.filter((labels) => !assessed.has(labelKey(labels)));
}
