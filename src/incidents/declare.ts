import { labelKey, trimLabels, type Labels } from "../alerts/labels.ts";
import { Embargoed } from "./embargo.ts";
import { isSlashingAlert, severityOfAlert, worstIncidentSeverity } from "./severity.ts";
import { lengthProblem, lineLength, oneLine, shortLine, textLength, textProblem, titleLength } from "./text-limits.ts";
import { entryOf, systemAuthor } from "./timeline.ts";
import type { Incident, IncidentContent, IncidentSeverity, IncidentSource, IncidentType } from "./types.ts";
import { done, type VerbResult } from "./verb-result.ts";

/** Only reference, title and source are needed. */
export interface DeclareInput {
  /** "INC-17". */
  reference: string;
  title: string;
  source: IncidentSource;
  summary?: string;
  type?: IncidentType;
  severity?: IncidentSeverity;
  /** What it is about: alerts that carry all of these belong to it. */
  labels?: Labels;
  /** Alerts of the group that opens it. */
  alerts?: readonly { labels: Labels; severity: string }[];
  /** The primary person on call. */
  commander?: string;
  idempotencyKey?: string;
  /** Ms since 1970; what lies after the declaration is taken as now. */
  impactStartedAt?: number;
  detectedAt?: number;
}

/** A new incident. Whoever calls it has looked for one with the same `idempotencyKey`. */
export function declareIncident(input: DeclareInput, now: number): VerbResult {
  const { reference, source, commander, summary = "" } = input;
  // An alert's title is nobody's to shorten.
  const title = source.kind === "alert" ? shortLine(input.title) : oneLine(input.title);
  const problem =
    textProblem("title", title, titleLength) ??
    lengthProblem("summary", summary, textLength) ??
    lengthProblem("commander's name", commander ?? "", lineLength);
  if (problem) return problem;
  const { type, severity } = kindOf(input);
  const base = {
    ...{ reference, severity, source, status: "triage" as const, holds: [], mergedInto: undefined, alertsEndedAt: 0 },
    instants: instantsOf(input, now),
    roles: commander === undefined ? {} : { commander },
    groupKeys: source.kind === "alert" ? [source.groupKey] : [],
    idempotencyKey: input.idempotencyKey,
  };
  const labels = trimLabels(input.labels ?? {});
  const labelSets = labelKey(labels) === labelKey({}) ? [] : [labels];
  const content: IncidentContent = { title, summary, tasks: [], labelSets, assessment: undefined };
  const incident: Incident =
    type === "vulnerability" ? { ...base, type, content: new Embargoed(content) } : { ...base, type, content };
  const author = source.kind === "person" ? source.by : systemAuthor;
  const text = `Declared as ${type}, ${severity}: ${title}`;
  const entries = [entryOf(reference, "declared", author, text, now)];
  if (commander !== undefined)
    entries.push(entryOf(reference, "role", systemAuthor, `${commander} is commander: on call now.`, now));
  return done(incident, ...entries);
}

function kindOf({ type, severity, alerts = [] }: DeclareInput): { type: IncidentType; severity: IncidentSeverity } {
  const kind = type ?? (alerts.some(isSlashingAlert) ? "slashing" : "outage");
  if (severity !== undefined) return { type: kind, severity };
  if (kind === "slashing") return { type: kind, severity: "sev1" };
  return { type: kind, severity: alerts.length === 0 ? "sev3" : worstIncidentSeverity(alerts.map(severityOfAlert)) };
}

/** In order, whatever clocks said. When a person noticed is not known unless said; an alert is noticed when it opens this. */
function instantsOf({ impactStartedAt, detectedAt, source }: DeclareInput, now: number): Incident["instants"] {
  const noticed = detectedAt ?? (source.kind === "alert" ? now : undefined);
  const detected = noticed === undefined ? undefined : Math.min(noticed, now);
  return {
    ...(impactStartedAt !== undefined && { impactStartedAt: Math.min(impactStartedAt, detected ?? now) }),
    ...(detected !== undefined && { detectedAt: detected }),
    declaredAt: now,
  };
}
