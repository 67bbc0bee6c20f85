import { refuse, type Refusal } from "./verb-result.ts";
import type { Incident, IncidentStatus } from "./types.ts";

export type StatusCategory = "triage" | "live" | "over";

const categories: Readonly<Record<IncidentStatus, StatusCategory>> = {
  triage: "triage",
  investigating: "live",
  identified: "live",
  isolated: "live",
  monitoring: "live",
  resolved: "over",
  declined: "over",
  merged: "over",
};

/** `triage`: nobody has taken it. `live`: people work on it. `over`: nothing follows. */
export function statusCategory(status: IncidentStatus): StatusCategory {
  return categories[status];
}

export function isOpen({ status }: Pick<Incident, "status">): boolean {
  return categories[status] !== "over";
}

/** Why nothing of it may be changed any more; `undefined`: it is open. */
export function refusalIfOver(incident: Incident): Refusal | undefined {
  const { reference, status } = incident;
  return (
    refusalIfMerged(incident) ?? (isOpen(incident) ? undefined : refuse("incident-over", `${reference} is ${status}`))
  );
}

/** Notes and tasks are kept of what is resolved or declined as well, but not of what was merged. */
export function refusalIfMerged({ reference, status, mergedInto = "another" }: Incident): Refusal | undefined {
  return status === "merged" ? refuse("incident-merged", `${reference} was merged into ${mergedInto}`) : undefined;
}
