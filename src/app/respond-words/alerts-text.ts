import type {
  AlertHistoryPage,
  AlertsPage,
  BacktestAnswer,
  RulesPage,
  ShownAlert,
  SilencesPage,
} from "../../api/contract-respond.ts";
import { alertReasons } from "../../alerts/reasons.ts";
import { formatDuration } from "../../alerts/duration.ts";
import { formatMatcher } from "../../alerts/expr/matcher.ts";
import type { Labels } from "../../alerts/labels.ts";
import { severityRank } from "../../alerts/severity.ts";
import { duration } from "../../lib/amounts.ts";
import { cleanLine } from "../../lib/clean-text.ts";
import { plural } from "../duty-words/amounts.ts";
import { textTable } from "../text-table.ts";
import { fromNow, since, utc, when, type Here } from "./people-time.ts";
import { shortOf } from "./reason-words.ts";

export const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name]) => name !== "alertname" && name !== "severity")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

/** What fires and what is pending, worst first; then what cannot be judged. */
export function alertsText({ alerts, problems }: AlertsPage, { now }: Here): string {
  const firing = alerts.filter(({ state }) => state !== "pending").length;
  const order = [...alerts].sort(
    (a, b) =>
      Number(a.state === "pending") - Number(b.state === "pending") ||
      severityRank(b.severity) - severityRank(a.severity) ||
      a.startsAt - b.startsAt,
  );
  const rows = order.map((alert) => [
    ...[alert.severity, alert.state, since(alert.startsAt, now), alert.labels["alertname"] ?? ""],
    ...[cleanLine(alert.summary) || labelsText(alert.labels), notesOf(alert, now)],
  ]);
  const pending = alerts.length - firing;
  const lines = [
    `${firing === 0 ? "No alert fires" : `${plural(firing, "alert")} ${firing === 1 ? "fires" : "fire"}`}${pending === 0 ? "" : `; ${pending} pending`}.`,
    ...(rows.length === 0
      ? []
      : ["", ...textTable([["severity", "state", "for", "alert", "about", "notes"], ...rows])]),
    ...problemLines(problems),
  ];
  return `${lines.join("\n")}\n`;
}

/** By reason, because most rules that cannot be judged have the same one. */
function problemLines(problems: AlertsPage["problems"]): string[] {
  if (problems.length === 0) return [];
  const lines = [...Map.groupBy(problems, ({ reason }) => reason)].map(([reason, of]) => {
    const names = of.map(({ alert, count }) => `${alert}${count > 0 ? ` (${count})` : ""}`);
    return `  ${plural(of.length, "rule")}, ${shortOf(alertReasons, reason)}: ${[...new Set(names)].join(", ")}`;
  });
  return ["", "CANNOT BE JUDGED", ...lines, "  What each needs: slotkeeper alerts rules"];
}

function notesOf({ incident, suppressedBy, unknownSince, source }: ShownAlert, now: number): string {
  return [
    ...(incident === undefined ? [] : [incident]),
    ...suppressedBy.map(
      ({ kind, id, until }) =>
        `not told: ${suppressionWords[kind]} ${id}${until === undefined ? "" : `, ends ${fromNow(until, now)}`}`,
    ),
    ...(unknownSince === 0 ? [] : [`facts missing for ${since(unknownSince, now)}`]),
    ...(source === "rules" ? [] : [`from ${source}`]),
  ].join("; ");
}

const suppressionWords: Readonly<Record<ShownAlert["suppressedBy"][number]["kind"], string>> = {
  silence: "silence",
  inhibit_rule: "covered by",
  incident: "incident",
  maintenance: "maintenance",
};

/** Every rule, those that fire first. */
export function rulesText({ rules }: RulesPage): string {
  if (rules.length === 0) return "No rule is configured.\n";
  const order = ["firing", "pending", "unknown", "inactive"];
  const sorted = [...rules].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const rows = sorted.map((rule) => [
    ...[rule.alert, rule.state, rule.severity, rule.owner, rule.forMs === 0 ? "" : formatDuration(rule.forMs)],
    ...[String(rule.firedLastDay), rule.isDefault ? "shipped" : "own", rule.expr],
  ]);
  const blind = sorted.flatMap(({ alert, needs }) => (needs === undefined ? [] : [`  ${alert}: needs ${needs}`]));
  const lines = [
    ...textTable([["rule", "state", "severity", "owner", "for", "fired in 24 h", "from", "condition"], ...rows]),
    ...(blind.length === 0 ? [] : ["", "CANNOT BE JUDGED", ...blind]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Changes of alerts, newest first. */
export function alertHistoryText({ items, nextBefore }: AlertHistoryPage, here: Here): string {
  if (items.length === 0) return "No alert has changed yet.\n";
  const rows = items.map(({ at, kind, severity, alert, summary, labels, reason }) => [
    ...[
      utc(at),
      fromNow(at, here.now),
      kind,
      severity,
      alert,
      cleanLine(summary) || labelsText(labels),
      shortOf(alertReasons, reason),
    ],
  ]);
  const lines = textTable([["at", "", "change", "severity", "alert", "about", "reason"], ...rows]);
  const more = nextBefore === undefined ? [] : ["There are older ones: --limit shows more."];
  return `${[...lines, ...more].join("\n")}\n`;
}

/** Silences that are in force or to come; those that are over are counted. */
export function silencesText({ silences }: SilencesPage, here: Here): string {
  const shown = silences.filter(({ state }) => state !== "expired");
  const over = silences.length - shown.length;
  const lines = shown.flatMap(({ id, state, matchers, startsAt, endsAt, createdBy, comment }) => [
    `${id}  ${matchers.map(formatMatcher).join(", ")}`,
    `  ${state === "active" ? "" : `from ${when(startsAt, here)} `}until ${when(endsAt, here)}`,
    `  ${createdBy}: ${cleanLine(comment)}`,
  ]);
  const head = shown.length === 0 ? ["No silence is in force."] : [];
  const tail = over === 0 ? [] : [`${plural(over, "silence")} over.`];
  return `${[...head, ...lines, ...tail].join("\n")}\n`;
}

const mostFirings = 20;

/** What rules would have done over the history: one line each, those that would have fired most first; of one rule each firing. */
export function backtestText({ fromAt, toAt, rules, factsWithoutHistory }: BacktestAnswer, here: Here): string {
  const sorted = [...rules].sort((a, b) => b.firings.length + b.more - a.firings.length - a.more);
  const rows = sorted.map(({ alert, firings, more, notices, blindMs, expr }) => [
    ...[alert, String(firings.length + more), `${notices.firing} + ${notices.repeat}`],
    ...[blindMs === 0 ? "" : duration(blindMs), expr],
  ]);
  const [only] = rules.length === 1 ? rules : [];
  const lines = [
    `History from ${utc(fromAt)} to ${utc(toAt)} (${duration(toAt - fromAt)}), without silences, maintenance and incidents.`,
    "",
    ...textTable([["rule", "would fire", "notices + repeats", "blind for", "condition"], ...rows]),
    ...(only === undefined || only.firings.length === 0 ? [] : ["", ...firingLines(only.firings, here)]),
    ...(factsWithoutHistory.length === 0
      ? []
      : ["", `UNKNOWN: no history is kept of ${factsWithoutHistory.join(", ")}; nothing is said about rules on them.`]),
  ];
  return `${lines.join("\n")}\n`;
}

function firingLines(firings: BacktestAnswer["rules"][number]["firings"], here: Here): string[] {
  const lines = firings.slice(0, mostFirings).map(({ labels, firedAt, resolvedAt, unknownMs }) => {
    const length = resolvedAt === 0 ? "fires to the end" : `for ${duration(resolvedAt - firedAt)}`;
    const unknown = unknownMs === 0 ? "" : `, facts missing for ${duration(unknownMs)} of it`;
    return `  ${when(firedAt, here)}  ${length}${unknown}  ${labelsText(labels)}`;
  });
  const rest = firings.length - lines.length;
  return rest > 0 ? [...lines, `  … and ${rest} more; --json has them`] : lines;
}
