import type { Incident, IncidentContent, TimelineEntry } from "../types.ts";

/** A role of whoever asks, as `access` names them; `undefined`: somebody unknown, where looking is free. */
export type ReaderRole = "viewer" | "responder" | "admin" | undefined;

/** What the reader may see of what an incident is about: of an embargoed one, responders and admins alone see anything. */
export function contentFor(incident: Incident, reader: ReaderRole): IncidentContent | undefined {
  if (incident.type !== "vulnerability") return incident.content;
  return reader === "responder" || reader === "admin" ? incident.content.revealTo(reader) : undefined;
}

/** The lines of its timeline that the reader may see: all, or none. */
export function entriesFor(
  incident: Incident,
  entries: readonly TimelineEntry[],
  reader: ReaderRole,
): readonly TimelineEntry[] {
  return contentFor(incident, reader) ? entries.filter(({ reference }) => reference === incident.reference) : [];
}
