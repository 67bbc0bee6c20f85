import { revealContent, underEmbargo, withContent } from "./content.ts";
import { momentOf, stamp } from "./instants.ts";
import { isWorse } from "./severity.ts";
import { refusalIfOver, statusCategory } from "./status.ts";
import { lengthProblem, lineLength, oneLine, textLength, textProblem, titleLength } from "./text-limits.ts";
import { entryOf, isPerson } from "./timeline.ts";
import {
  incidentRoles,
  type EntryKind,
  type Incident,
  type IncidentInstant,
  type IncidentRole,
  type IncidentSeverity,
  type IncidentStatus,
  type IncidentType,
} from "./types.ts";
import { done, refuse, type Refusal, type VerbResult } from "./verb-result.ts";

export interface UpdateInput {
  title?: string;
  summary?: string;
  type?: IncidentType;
  severity?: IncidentSeverity;
  status?: IncidentStatus;
  /** "" takes the role from whoever has it. */
  roles?: Partial<Record<IncidentRole, string>>;
  note?: string;
  by: string;
}

interface Line {
  kind: EntryKind;
  text: string;
}

/** What one part of an update makes of the incident, and the lines for it. */
type Step = (incident: Incident, input: UpdateInput, at: number) => { incident: Incident; lines: readonly Line[] };

/**
 * Changes what is named, all of it or nothing, with a line for each change. Nothing of an incident that is over changes, but
 * that it may be put under embargo, which never ends.
 */
export function updateIncident(incident: Incident, input: UpdateInput, now: number): VerbResult {
  const problem = textProblems(input) ?? stateProblem(incident, input);
  if (problem) return problem;
  const at = momentOf(incident, now);
  let next = incident;
  const lines: Line[] = [];
  for (const step of [typeStep, textStep, severityStep, statusStep, roleStep, noteStep]) {
    const made = step(next, input, at);
    next = made.incident;
    lines.push(...made.lines);
  }
  return done(next, ...lines.map(({ kind, text }) => entryOf(incident.reference, kind, input.by, text, at)));
}

function textProblems({ title, summary, note, roles }: UpdateInput): Refusal | undefined {
  const holders = incidentRoles.map((role) => roles?.[role] ?? "");
  return (
    (title === undefined ? undefined : textProblem("title", oneLine(title), titleLength)) ??
    lengthProblem("summary", summary ?? "", textLength) ??
    (note === undefined ? undefined : textProblem("note", note, textLength)) ??
    holders.map((holder) => lengthProblem("name for a role", holder, lineLength)).find((found) => found !== undefined)
  );
}

function stateProblem(incident: Incident, { by: _, note: __, ...changes }: UpdateInput): Refusal | undefined {
  const { reference, type, status } = incident;
  const named = Object.values(changes).filter((value) => value !== undefined);
  const isEmbargoOnly = changes.type === "vulnerability" && named.length === 1;
  const over = isEmbargoOnly ? undefined : refusalIfOver(incident);
  if (over) return over;
  if (type === "vulnerability" && changes.type !== undefined && changes.type !== type)
    return refuse("embargo-is-final", `${reference} stays a vulnerability`);
  const wanted = changes.status ?? status;
  if (wanted !== status && statusCategory(wanted) !== "live")
    return refuse("status-not-so", `${reference} does not become ${wanted} by an update`);
  return undefined;
}

const typeStep: Step = (incident, { type = incident.type }) => {
  if (type === incident.type || incident.type === "vulnerability") return { incident, lines: [] };
  const lines: Line[] = [{ kind: "note", text: `Type ${incident.type} → ${type}.` }];
  return { incident: type === "vulnerability" ? underEmbargo(incident) : { ...incident, type }, lines };
};

const textStep: Step = (incident, input) => {
  const before = revealContent(incident, "verb");
  const { summary = before.summary } = input;
  const title = input.title === undefined ? before.title : oneLine(input.title);
  const lines: Line[] = [];
  if (title !== before.title) lines.push({ kind: "note", text: `Title: ${title}` });
  if (summary !== before.summary)
    lines.push({ kind: "note", text: summary === "" ? "No summary." : `Summary: ${summary}` });
  if (lines.length === 0) return { incident, lines };
  return { incident: withContent(incident, (content) => ({ ...content, title, summary })), lines };
};

/** What becomes a slashing becomes sev1, unless the same person says otherwise. */
const severityStep: Step = (incident, { type, severity }) => {
  const before = incident.severity;
  const least: IncidentSeverity = type === "slashing" && isWorse("sev1", before) ? "sev1" : before;
  const wanted = severity ?? least;
  if (wanted === before) return { incident, lines: [] };
  const lines: Line[] = [{ kind: "severity", text: `Severity ${before} → ${wanted}.` }];
  return { incident: { ...incident, severity: wanted }, lines };
};

const statusInstants: Readonly<Partial<Record<IncidentStatus, IncidentInstant>>> = {
  isolated: "isolatedAt",
  monitoring: "mitigatedAt",
};

const statusStep: Step = (incident, { status = incident.status, by }, at) => {
  if (status === incident.status) return { incident, lines: [] };
  const lines: Line[] = [{ kind: "status", text: `Status ${incident.status} → ${status}.` }];
  const instant = statusInstants[status];
  // Who sets it going has seen it.
  const isTaken = incident.instants.acknowledgedAt === undefined && isPerson(by);
  const stamped = stamp(incident, at, ...(instant ? [instant] : []), ...(isTaken ? ["acknowledgedAt" as const] : []));
  return { incident: { ...stamped, status }, lines };
};

const roleStep: Step = (incident, { roles: wanted = {} }) => {
  const roles = { ...incident.roles };
  const lines: Line[] = [];
  for (const role of incidentRoles) {
    const holder = wanted[role]?.trim();
    if (holder === undefined || holder === (roles[role] ?? "")) continue;
    if (holder === "") delete roles[role];
    else roles[role] = holder;
    lines.push({ kind: "role", text: holder === "" ? `Nobody is ${role} now.` : `${holder} is ${role}.` });
  }
  return lines.length === 0 ? { incident, lines } : { incident: { ...incident, roles }, lines };
};

const noteStep: Step = (incident, { note }) => ({
  incident,
  lines: note === undefined ? [] : [{ kind: "note", text: note }],
});
