import { momentOf } from "./instants.ts";
import { refusalIfOver } from "./status.ts";
import { textLength, textProblem } from "./text-limits.ts";
import { entryOf, isPerson } from "./timeline.ts";
import type { Incident } from "./types.ts";
import { done, refuse, type VerbResult } from "./verb-result.ts";

/** A person says, with a reason, that what nobody took yet is no incident. */
export function declineIncident(
  incident: Incident,
  { reason, by }: { reason: string; by: string },
  now: number,
): VerbResult {
  const problem = refusalIfOver(incident) ?? textProblem("reason", reason, textLength);
  if (problem) return problem;
  const { reference, status } = incident;
  if (status !== "triage") return refuse("decline-too-late", `${reference} is ${status}`);
  if (!isPerson(by)) return refuse("person-needed", `${reference} is declined by a person or not at all`);
  return done(
    { ...incident, status: "declined" },
    entryOf(reference, "status", by, `Declined: ${reason}`, momentOf(incident, now)),
  );
}
