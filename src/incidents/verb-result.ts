import type { IncidentReasonCode } from "./reasons.ts";
import type { Incident, TimelineEntry } from "./types.ts";

/** The incident after a change. Without entries nothing has changed. */
export interface Done {
  kind: "done";
  incident: Incident;
  entries: readonly TimelineEntry[];
}

/** Why an incident may not change so. The detail never holds anything of what the incident is about. */
export interface Refusal {
  kind: "refused";
  reason: IncidentReasonCode;
  detail: string;
}

export type VerbResult = Done | Refusal;

export function refuse(reason: IncidentReasonCode, detail: string): Refusal {
  return { kind: "refused", reason, detail };
}

export function done(incident: Incident, ...entries: TimelineEntry[]): Done {
  return { kind: "done", incident, entries };
}
