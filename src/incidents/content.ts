import { Embargoed, type EmbargoReader } from "./embargo.ts";
import type { EmbargoedIncident, Incident, IncidentContent } from "./types.ts";

/** What an incident is about, embargoed or not. Whoever calls it names for whom; what people see goes through `disclose`. */
export function revealContent(incident: Incident, reader: EmbargoReader): IncidentContent {
  return incident.type === "vulnerability" ? incident.content.revealTo(reader) : incident.content;
}

/** The incident with its content changed. What is under embargo stays under it. */
export function withContent<I extends Incident>(
  incident: I,
  change: (content: IncidentContent) => IncidentContent,
): Incident {
  if (incident.type === "vulnerability")
    return { ...incident, content: new Embargoed(change(incident.content.revealTo("verb"))) };
  return { ...incident, content: change(incident.content) };
}

/** The incident as a vulnerability: from here on its content prints as a placeholder. */
export function underEmbargo(incident: Incident): EmbargoedIncident {
  if (incident.type === "vulnerability") return incident;
  return { ...incident, type: "vulnerability", content: new Embargoed(incident.content) };
}
