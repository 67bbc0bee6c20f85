import type { Answer, Verdict } from "./answer.ts";
import { duration } from "../lib/amounts.ts";
import type { Subject, SubjectKind } from "./evidence.ts";
import { questions } from "./questions.ts";
import { nodeUp } from "./questions/node-up.ts";
import type { CheckReport } from "./report.ts";

const words: Readonly<Record<Verdict, string>> = {
  good: "ok",
  warning: "WARN",
  bad: "BAD",
  unknown: "unknown",
  "not-asked": "not asked",
};

/** Colour only underlines what the word says already. */
const colours: Readonly<Record<Verdict, string>> = {
  good: "\u001b[32m",
  warning: "\u001b[33m",
  bad: "\u001b[31;1m",
  unknown: "\u001b[35m",
  "not-asked": "\u001b[2m",
};

const kinds: Readonly<Record<SubjectKind, string>> = {
  node: "Beacon node",
  reference: "Reference",
  "validator-client": "Validator client",
  host: "Host",
  log: "Log",
  everything: "",
};

const titles = new Map(questions.map(({ id, title }) => [id, title]));
const verdictWidth = Math.max(...Object.values(words).map((word) => word.length));
const titleWidth = Math.max(...questions.map(({ title }) => title.length));

interface Row {
  verdict: Verdict;
  title: string;
  text: string;
}

/** The report for people: one line an answer, then what to do, each line complete on its own. */
export function renderTable(report: CheckReport, isColoured: boolean): string {
  const paint = (verdict: Verdict, text: string) => (isColoured ? `${colours[verdict]}${text}\u001b[0m` : text);
  const lines = [`${paint(report.verdict, words[report.verdict])}: ${countsText(report)}`];
  const when = new Date(report.at).toISOString().replace("T", " ").slice(0, 19);
  lines.push(`${when} UTC, took ${duration(report.durationMs)}`);
  for (const note of report.notes) lines.push(`note: ${note}`);
  for (const { heading, answers } of grouped(report)) {
    lines.push("", heading);
    for (const { verdict, title, text } of rowsOf(answers)) {
      lines.push(
        `  ${paint(verdict, words[verdict].padEnd(verdictWidth))}  ${title.padEnd(titleWidth)}  ${text}`.trimEnd(),
      );
    }
  }
  const steps = nextSteps(report.answers);
  if (steps.length > 0) lines.push("", "What to do", ...steps.map((step) => `  ${step}`));
  return `${lines.map(printable).join("\n")}\n`;
}

function countsText({ counts }: CheckReport): string {
  const order: Verdict[] = ["bad", "warning", "unknown", "good", "not-asked"];
  const parts = order
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${labelOf(verdict)}`);
  return parts.join(", ");
}

function labelOf(verdict: Verdict): string {
  return verdict === "warning" ? "to look at" : words[verdict].toLowerCase();
}

function grouped(report: CheckReport): { heading: string; answers: Answer[] }[] {
  const groups = report.subjects.map((subject) => ({
    heading: headingOf(subject),
    answers: answersOf(report, subject),
  }));
  const rest = report.answers.filter(({ subject }) => subject.kind === "everything");
  if (rest.length > 0) groups.push({ heading: "Overall", answers: rest });
  return groups;
}

function answersOf(report: CheckReport, subject: Subject): Answer[] {
  return report.answers.filter((answer) => answer.subject === subject);
}

function headingOf({ kind, name, url }: Subject): string {
  return `${kinds[kind]} ${name}${url === undefined || url.endsWith(`//${name}`) ? "" : `  ${url}`}`;
}

/** A node that is down cannot answer ten questions: they share one line. The machine's report keeps them apart. */
function rowsOf(answers: readonly Answer[]): Row[] {
  const silent = answers.filter((answer) => isConsequence(answer, answers));
  const rows = answers
    .filter((answer) => !silent.includes(answer))
    .map((answer) => ({ verdict: answer.verdict, title: titleOf(answer), text: textOf(answer) }));
  if (silent.length === 0) return rows;
  const text = `${silent.map(titleOf).join(", ")}: could not be asked`;
  return [...rows, { verdict: "unknown", title: `${silent.length} more`, text }];
}

/** Unknown only because the same node is not up at all, which has a line of its own. */
function isConsequence({ verdict, id, subject }: Answer, all: readonly Answer[]): boolean {
  if (verdict !== "unknown" || id === nodeUp.id) return false;
  return all.some(
    (other) =>
      other.id === nodeUp.id && other.subject === subject && other.verdict !== "good" && other.reason !== "node-partly",
  );
}

function titleOf({ id }: Answer): string {
  return titles.get(id) ?? id;
}

function textOf({ verdict, short, detail }: Answer): string {
  if (detail === "" || detail === short) return short;
  return verdict === "good" ? detail : `${short}: ${detail}`;
}

/** One line for each different advice, with all that it concerns; the worst first. */
function nextSteps(answers: readonly Answer[]): string[] {
  const steps = new Map<string, Answer[]>();
  for (const verdict of ["bad", "warning", "unknown"] as const) {
    for (const answer of answers.filter((candidate) => candidate.verdict === verdict)) {
      if (answer.nextStep === undefined || isConsequence(answer, answers)) continue;
      const known = steps.get(answer.nextStep);
      if (known) known.push(answer);
      else steps.set(answer.nextStep, [answer]);
    }
  }
  return [...steps].map(([step, concerned]) => {
    const first = concerned[0];
    const names = [...new Set(concerned.map(({ subject }) => subject.name))].join(", ");
    return `${first ? words[first.verdict] : ""} ${names}, ${first ? titleOf(first) : ""}: ${step}`;
  });
}

/** Names, versions and log lines come from elsewhere: no control or direction character of theirs reaches a terminal. */
function printable(line: string): string {
  return line.replace(/(?!\u001b\[[0-9;]*m)[\p{Cc}\p{Cf}]/gu, "");
}
