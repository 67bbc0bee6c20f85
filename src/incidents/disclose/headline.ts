import { shortLine } from "../text-limits.ts";
import type { Incident } from "../types.ts";

/** One line for messages, logs and metrics; of an embargoed incident it says that there is one, and nothing else. */
export function headlineOf(incident: Incident): string {
  const { reference, type, severity, status } = incident;
  if (type === "vulnerability") return `${reference} (embargoed)`;
  return `${reference} ${severity} ${status}: ${shortLine(incident.content.title)}`;
}
