import { momentOf, stamp } from "./instants.ts";
import { refusalIfOver } from "./status.ts";
import { entryOf } from "./timeline.ts";
import type { Incident } from "./types.ts";
import { done, type VerbResult } from "./verb-result.ts";

/** Somebody has seen it and takes it. The first time counts; later ones are written down and change nothing. */
export function acknowledgeIncident(incident: Incident, { by }: { by: string }, now: number): VerbResult {
  const over = refusalIfOver(incident);
  if (over) return over;
  const at = momentOf(incident, now);
  const { reference, instants, status } = incident;
  if (instants.acknowledgedAt !== undefined)
    return done(incident, entryOf(reference, "acknowledged", by, "Acknowledged as well.", at));
  const taken = {
    ...stamp(incident, at, "acknowledgedAt"),
    status: status === "triage" ? "investigating" : status,
  } as const;
  return done(taken, entryOf(reference, "acknowledged", by, "Acknowledged.", at));
}
