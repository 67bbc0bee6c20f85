import type { Incident, IncidentInstant } from "./types.ts";

/** `now`, or the latest instant that is known of the incident: a clock that steps back makes nothing happen before its cause. */
export function momentOf({ instants }: Pick<Incident, "instants">, now: number): number {
  return Math.max(now, ...Object.values(instants));
}

/** The incident with instants set to `at`. */
export function stamp(incident: Incident, at: number, ...names: readonly IncidentInstant[]): Incident {
  const stamped = Object.fromEntries(names.map((name) => [name, at]));
  return { ...incident, instants: { ...incident.instants, ...stamped } };
}

/** How long things took, ms; `undefined` where one of the two instants is not known. */
export interface IncidentTimes {
  /** From the beginning of the impact to its detection. */
  detectMs: number | undefined;
  /** From the detection to the declaration. */
  declareMs: number | undefined;
  /** These from the declaration on. */
  acknowledgeMs: number | undefined;
  assessMs: number | undefined;
  isolateMs: number | undefined;
  mitigateMs: number | undefined;
  resolveMs: number | undefined;
}

/** The times of an incident. Isolated and mitigated count to the last time that it became so: what did not hold was none. */
export function timesOf({ instants }: Pick<Incident, "instants">): IncidentTimes {
  const between = (from: IncidentInstant, to: IncidentInstant) => {
    const [start, end] = [instants[from], instants[to]];
    return start === undefined || end === undefined ? undefined : end - start;
  };
  return {
    detectMs: between("impactStartedAt", "detectedAt"),
    declareMs: between("detectedAt", "declaredAt"),
    acknowledgeMs: between("declaredAt", "acknowledgedAt"),
    assessMs: between("declaredAt", "assessedAt"),
    isolateMs: between("declaredAt", "isolatedAt"),
    mitigateMs: between("declaredAt", "mitigatedAt"),
    resolveMs: between("declaredAt", "resolvedAt"),
  };
}
