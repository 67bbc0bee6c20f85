import type { Labels } from "../alerts/labels.ts";
import type { Assessment } from "./assessment/types.ts";
import type { Embargoed } from "./embargo.ts";

export const incidentTypes = [
  "outage",
  "slashing",
  "network_attack",
  "vulnerability",
  "provider",
  "maintenance",
] as const;
export type IncidentType = (typeof incidentTypes)[number];

/** `sev1`: slashing, key exposure, a contract broken for certain. `sev2`: more than 5 %, or a breach is forecast. `sev3`: redundancy lost. `sev4`: a single validator. */
export const incidentSeverities = ["sev1", "sev2", "sev3", "sev4"] as const;
export type IncidentSeverity = (typeof incidentSeverities)[number];

/** `triage`: declared, nobody has taken it. Then live, in any order; `resolved`, `declined` and `merged` are over. */
export const incidentStatuses = [
  "triage",
  "investigating",
  "identified",
  "isolated",
  "monitoring",
  "resolved",
  "declined",
  "merged",
] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

export const incidentRoles = ["commander", "operations", "communications", "scribe"] as const;
export type IncidentRole = (typeof incidentRoles)[number];

/** Ms since 1970 of what happened when; what has not happened is absent. Times to detect, acknowledge and so on follow. */
export const incidentInstants = [
  "impactStartedAt",
  "detectedAt",
  "declaredAt",
  "acknowledgedAt",
  "assessedAt",
  "isolatedAt",
  "mitigatedAt",
  "resolvedAt",
] as const;
export type IncidentInstant = (typeof incidentInstants)[number];

export type IncidentSource = { kind: "alert"; groupKey: string } | { kind: "person"; by: string };

export interface IncidentTask {
  id: string;
  text: string;
  /** A name; "" where nobody has it. */
  owner: string;
  state: "open" | "done" | "dropped";
}

/** A group of nodes whose signing inputs are withheld because of this incident. Wanted once: after it was done, only a person decides. */
export interface IncidentHold {
  gateway: string;
  group: string;
  state: "wanted" | "done" | "failed" | "released";
  detail: string;
  at: number;
}

/** Everything of an incident that says what it is about. Of an embargoed one it never leaves without a responder who asks. */
export interface IncidentContent {
  title: string;
  summary: string;
  tasks: readonly IncidentTask[];
  labelSets: readonly Labels[];
  assessment: Assessment | undefined;
}

interface IncidentBase {
  /** "INC-17". */
  reference: string;
  severity: IncidentSeverity;
  status: IncidentStatus;
  source: IncidentSource;
  roles: Readonly<Partial<Record<IncidentRole, string>>>;
  instants: Readonly<Partial<Record<IncidentInstant, number>>>;
  /** Alert groups that belong to it. */
  groupKeys: readonly string[];
  /** Since when all its alerts have ended; 0 while one fires, or where it never had any. */
  alertsEndedAt: number;
  holds: readonly IncidentHold[];
  mergedInto: string | undefined;
  /** Declaring again with the same key gives the same incident. */
  idempotencyKey: string | undefined;
}

export interface PlainIncident extends IncidentBase {
  type: Exclude<IncidentType, "vulnerability">;
  content: IncidentContent;
}

/** Of type `vulnerability`: its content can be read only by `revealTo`, and prints as a placeholder. */
export interface EmbargoedIncident extends IncidentBase {
  type: "vulnerability";
  content: Embargoed<IncidentContent>;
}

export type Incident = PlainIncident | EmbargoedIncident;

export const entryKinds = [
  "declared",
  "alert",
  "page",
  "acknowledged",
  "assessed",
  "status",
  "severity",
  "role",
  "task",
  "note",
  "action",
  "hold",
  "merged",
  "resolved",
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** One line of an incident's timeline. */
export interface TimelineEntry {
  /** Unique; what is written again with the same id is written once. */
  id: string;
  reference: string;
  at: number;
  kind: EntryKind;
  /** A person's name, or "slotkeeper". */
  author: string;
  /** Of an embargoed incident it is content, and shown to responders only. */
  text: string;
}
