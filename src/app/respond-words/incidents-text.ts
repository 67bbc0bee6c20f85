import type { IncidentDetail, IncidentsPage } from "../../api/contract-respond.ts";
import type { Assessment } from "../../incidents/assessment/types.ts";
import { duration } from "../../lib/amounts.ts";
import { cleanLine, cleanText } from "../../lib/clean-text.ts";
import { coins, percent, plural } from "../duty-words/amounts.ts";
import { textTable } from "../text-table.ts";
import { labelsText } from "./alerts-text.ts";
import { fromNow, since, when, type Here } from "./people-time.ts";

/** Incidents as a table, newest first. */
export function incidentsText({ items, nextBefore }: IncidentsPage, isAll: boolean, { now }: Here): string {
  if (items.length === 0)
    return isAll
      ? "No incident was declared yet.\n"
      : "No incident is open. slotkeeper incident list --all shows those that are over.\n";
  const rows = items.map((row) => [
    ...[row.reference, row.severity, row.status, row.type, since(row.declaredAt, now), row.commander ?? "-"],
    ...[String(row.alertsFiring), cleanLine(row.title)],
  ]);
  const head = ["incident", "severity", "status", "type", "declared", "commander", "alerts", "title"];
  const more = nextBefore === undefined ? [] : ["There are older ones: --limit shows more."];
  return `${[...textTable([head, ...rows]), ...more].join("\n")}\n`;
}

const mostPages = 10;

/** One incident: what it is, what was found out, what can be done, and what was done. */
export function incidentText(incident: IncidentDetail, here: Here): string {
  const { assessment, offers, tasks, pages, timeline, holds, episodes } = incident;
  const sections = [
    headLines(incident, here),
    assessment === undefined ? [] : assessmentLines(assessment, here),
    titled(
      "alerts",
      episodes.map((episode) => `${episode.severity}  ${cleanLine(episode.title)}${escalationWords(episode, here)}`),
    ),
    titled(
      "can be done without risk",
      offers
        .filter(({ isAllowed }) => isAllowed)
        .map(({ kind, target, does, costs }) => `${kind} ${target}: ${does} ${costs}`),
    ),
    titled(
      "refused",
      offers.filter(({ isAllowed }) => !isAllowed).map(({ kind, target, why }) => `${kind} ${target}: ${why}`),
    ),
    titled(
      "holds",
      holds.map(
        ({ gateway, group, state, detail, at }) =>
          `${gateway}/${group}: ${state} ${fromNow(at, here.now)}${detail === "" ? "" : `, ${detail}`}`,
      ),
    ),
    titled(
      "tasks",
      tasks.map(
        ({ id, text, owner, state }) =>
          `[${state === "open" ? " " : state === "done" ? "x" : "-"}] ${id} ${cleanLine(text)}${owner === "" ? "" : ` (${owner})`}`,
      ),
    ),
    titled("pages", pageLines(pages)),
    titled(
      "timeline",
      timeline.map(({ at, author, text }) => `${clockTime(at)}  ${author}: ${cleanLine(text)}`),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLines(incident: IncidentDetail, here: Here): string[] {
  const { reference, severity, status, type, title, summary, source, declaredAt, acknowledgedAt, resolvedAt } =
    incident;
  const { roles, instants, mergedInto, isEmbargoed } = incident;
  const by = source.kind === "person" ? source.by : "an alarm";
  const people = Object.entries(roles).filter(([, name]) => name !== undefined && name !== "");
  const impactAt = instants.impactStartedAt ?? instants.detectedAt;
  return [
    `${reference}  ${severity}  ${status}${mergedInto === undefined ? "" : ` into ${mergedInto}`}: ${cleanLine(title)}`,
    ...(isEmbargoed ? ["EMBARGOED: say nothing of it to anybody who is not working on it."] : []),
    `${type}, declared ${when(declaredAt, here)} by ${by}`,
    ...(impactAt === undefined || impactAt >= declaredAt ? [] : [`impact began ${when(impactAt, here)}`]),
    acknowledgedAt === undefined
      ? isOver(status)
        ? "nobody took it"
        : "NOBODY HAS TAKEN IT."
      : `taken ${duration(acknowledgedAt - declaredAt)} after it was declared`,
    ...(resolvedAt === undefined
      ? []
      : [`resolved ${when(resolvedAt, here)}, ${duration(resolvedAt - declaredAt)} after it was declared`]),
    ...(people.length === 0 ? [] : [people.map(([role, name]) => `${role}: ${name}`).join(", ")]),
    ...(summary === "" ? [] : ["", cleanText(summary)]),
  ];
}

function assessmentLines(assessment: Assessment, here: Here): string[] {
  const { at, scope, sentence, evidence, victims, cohorts, firstLook, causes, changes } = assessment;
  const { logSignatures, penaltiesGwei, slaRisks } = assessment;
  const customers = victims.customers.length === 0 ? "" : `; customers: ${victims.customers.join(", ")}`;
  return [
    `assessment of ${fromNow(at, here.now)}, scope ${scope}: ${sentence}`,
    ...evidence.map(({ text }) => `  ${cleanLine(text)}`),
    ...(victims.count === 0
      ? []
      : [
          `  victims: ${victims.count} of ${plural(victims.ofWatched, "validator")}, stake ${coins(victims.stakeGwei)}${customers}`,
        ]),
    ...cohorts.map(
      ({ labels, coverage, victims: count, validators, density }) =>
        `  in common: ${labelsText(labels)} (${percent(coverage)} of the victims; ${count} of its ${validators}, ${percent(density)})`,
    ),
    ...(causes.length === 0 ? [] : [`  causes: ${causes.map(({ code, lost }) => `${code} ${lost}`).join(", ")}`]),
    ...(penaltiesGwei === 0 ? [] : [`  lost so far: ${coins(penaltiesGwei)}`]),
    ...slaRisks.map(
      ({ sentence: risk, breachAt }) => `  SLA: ${risk}${breachAt === undefined ? "" : ` ${when(breachAt, here)}`}`,
    ),
    ...(firstLook.length === 0 ? [] : ["first look"]),
    ...firstLook.map(
      ({ question, verdict, sentence: answer }) =>
        `  ${question.padEnd(8)}  ${(verdict === "good" ? verdict : verdict.toUpperCase()).padEnd(7)}  ${answer}`,
    ),
    ...titled(
      "changed lately",
      changes.map(({ text, at: changedAt }) => `${fromNow(changedAt, here.now)}: ${cleanLine(text)}`),
    ),
    ...titled(
      "in the logs",
      logSignatures.map(({ text, at: seenAt }) => `${fromNow(seenAt, here.now)}: ${cleanLine(text)}`),
    ),
  ];
}

function escalationWords({ escalation }: IncidentDetail["episodes"][number], { now }: Here): string {
  if (escalation === undefined) return "  (pages nobody)";
  const { kind, policy, by, nextAt } = escalation;
  const next = nextAt === undefined ? "" : `, next step ${fromNow(nextAt, now)}`;
  return `  (${policy}: ${kind}${by === undefined ? "" : ` by ${by}`}${next})`;
}

function pageLines(pages: IncidentDetail["pages"]): string[] {
  const lines = pages
    .slice(0, mostPages)
    .map(
      ({ id, createdAt, kind, recipient, channel, state }) =>
        `${clockTime(createdAt)}  ${kind} to ${recipient} by ${channel}: ${state} (${id})`,
    );
  return pages.length > mostPages ? [...lines, `… and ${pages.length - mostPages} more`] : lines;
}

const titled = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

const clockTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const isOver = (status: IncidentDetail["status"]): boolean =>
  status === "resolved" || status === "declined" || status === "merged";
