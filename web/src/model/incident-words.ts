import type { IncidentRow } from "../../../src/api/contract-respond.ts";
import type { Assessment, FirstLook } from "../../../src/incidents/assessment/types.ts";
import {
  incidentSeverities,
  incidentTypes,
  type IncidentInstant,
  type IncidentSeverity,
  type IncidentStatus,
  type IncidentType,
} from "../../../src/incidents/types.ts";
import { formatDuration } from "./format.ts";
import type { Tone } from "./shown-state.ts";

export { incidentSeverities, incidentTypes };

const overStatuses: readonly IncidentStatus[] = ["resolved", "declined", "merged"];
export const isOver = (status: IncidentStatus): boolean => overStatuses.includes(status);

/** Whether a person sets it by hand: `resolved` and `merged` have steps of their own. */
export const isSettable = (status: IncidentStatus): boolean => status !== "resolved" && status !== "merged";

const severityTones: Readonly<Record<IncidentSeverity, Tone>> = {
  sev1: "bad",
  sev2: "bad",
  sev3: "warn",
  sev4: "wait",
};

/** What is over troubles nobody, however bad it was. */
export const severityTone = (severity: IncidentSeverity, status: IncidentStatus): Tone =>
  isOver(status) ? "aside" : severityTones[severity];

/** What each severity means, for whoever chooses one. */
export const severityMeaning: Readonly<Record<IncidentSeverity, string>> = {
  sev1: "slashing, key exposure, or a contract broken for certain",
  sev2: "more than 5 % of validators, or a breach is forecast",
  sev3: "redundancy lost, duties kept",
  sev4: "a single validator",
};

export const typeWord = (type: IncidentType): string => type.replaceAll("_", " ");

const scopeWords: Readonly<Record<Assessment["scope"], string>> = {
  single: "one validator",
  multiple: "a part of ours",
  network: "the whole network",
  unknown: "not known",
};
export const scopeWord = (scope: Assessment["scope"]): string => scopeWords[scope];

export const verdictTone: Readonly<Record<FirstLook["verdict"], Tone>> = {
  good: "fine",
  warning: "warn",
  bad: "bad",
  unknown: "unknown",
};

export const questionWords: Readonly<Record<FirstLook["question"], string>> = {
  nodes: "Are our nodes well?",
  machines: "Are our machines well?",
  logs: "What do logs and peers say?",
  network: "Is it the network?",
};

/** The server gives this title to those who may not see more. */
export const isHidden = ({ isEmbargoed, title }: Pick<IncidentRow, "isEmbargoed" | "title">): boolean =>
  isEmbargoed && title === "Embargoed";

/** Worst first; of one severity the newest first. */
export const worstFirst = (rows: readonly IncidentRow[]): IncidentRow[] =>
  rows.toSorted((a, b) => a.severity.localeCompare(b.severity) || b.declaredAt - a.declaredAt);

type Instants = Readonly<Partial<Record<IncidentInstant, number>>>;

/** One step on an incident's way, with how long it took. */
export interface Milestone {
  name: string;
  at: number;
  /** "2 min after detection"; "" where there is nothing to count from. */
  took: string;
}

const steps: readonly { instant: IncidentInstant; name: string; from?: IncidentInstant; after?: string }[] = [
  { instant: "impactStartedAt", name: "Impact began" },
  { instant: "detectedAt", name: "Detected", from: "impactStartedAt", after: "the impact began" },
  { instant: "declaredAt", name: "Declared", from: "detectedAt", after: "detection" },
  { instant: "acknowledgedAt", name: "Acknowledged", from: "declaredAt", after: "declaration" },
  { instant: "assessedAt", name: "Assessed", from: "declaredAt", after: "declaration" },
  { instant: "isolatedAt", name: "Isolated", from: "declaredAt", after: "declaration" },
  { instant: "mitigatedAt", name: "Mitigated", from: "declaredAt", after: "declaration" },
  { instant: "resolvedAt", name: "Resolved", from: "declaredAt", after: "declaration" },
];

/** What has happened, in the order in which an incident goes; what has not is absent. */
export function milestonesOf(instants: Instants): readonly Milestone[] {
  return steps.flatMap(({ instant, name, from, after }) => {
    const at = instants[instant];
    if (at === undefined) return [];
    const start = from === undefined ? undefined : instants[from];
    const took = start === undefined || at < start ? "" : `${formatDuration(at - start)} after ${after}`;
    return [{ name, at, took }];
  });
}

/** "open for 12 min", "took 3 h 05 min". */
export function ageWords(row: Pick<IncidentRow, "status" | "declaredAt" | "resolvedAt">, now: number): string {
  if (row.resolvedAt !== undefined) return `took ${formatDuration(row.resolvedAt - row.declaredAt)}`;
  return isOver(row.status) ? "over" : `open for ${formatDuration(now - row.declaredAt)}`;
}

/** "breaches in 3 h 10 min", "broken for 4 min": when a contract is broken at this rate. */
export function breachWords(breachAt: number | undefined, now: number): string {
  if (breachAt === undefined) return "no breach at this rate";
  return breachAt <= now
    ? `broken for ${formatDuration(now - breachAt)}`
    : `breaches in ${formatDuration(breachAt - now)}`;
}
