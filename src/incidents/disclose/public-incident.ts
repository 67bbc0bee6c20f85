import type { IncidentScope } from "../assessment/types.ts";
import type { EmbargoedIncident, Incident, IncidentInstant, PlainIncident } from "../types.ts";

declare const isForThePublic: unique symbol;

/** What may be shown to anybody. Public renderers take this and nothing else; only `publicIncident` makes one. */
export interface PublicIncident extends Pick<PlainIncident, "reference" | "type" | "severity" | "status"> {
  readonly [isForThePublic]: true;
  title: string;
  summary: string;
  scope: IncidentScope;
  instants: Readonly<Partial<Record<IncidentInstant, number>>>;
}

/** The public side of an incident: no people, customers, tasks or evidence. Of an embargoed one there is none. */
export function publicIncident(incident: EmbargoedIncident): undefined;
export function publicIncident(incident: PlainIncident): PublicIncident;
export function publicIncident(incident: Incident): PublicIncident | undefined;
export function publicIncident(incident: Incident): PublicIncident | undefined {
  if (incident.type === "vulnerability") return undefined;
  const { reference, type, severity, status, instants, content } = incident;
  const { title, summary, assessment } = content;
  const scope = assessment?.scope ?? "unknown";
  return { reference, type, severity, status, title, summary, scope, instants } as PublicIncident;
}
