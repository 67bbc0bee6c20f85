import type { AlertsPage, ShownAlert, ShownEpisode, ShownRule } from "../../../src/api/contract-respond.ts";
import type { Severity } from "../../../src/alerts/severity.ts";
import type { Tone } from "./shown-state.ts";

export const alertViews = ["now", "rules", "history", "silences"] as const;
export type AlertView = (typeof alertViews)[number];
export const severityChoices = ["critical", "warning", "info"] as const satisfies readonly Severity[];

/** What of the Alerts page is in its address. */
export interface AlertsSearch {
  view?: Exclude<AlertView, "now"> | undefined;
  find?: string | undefined;
  severity?: Severity | undefined;
  /** The one alert that the history is of. */
  alert?: string | undefined;
}

/** Alerts that people hear of together, or that nobody hears of. */
export interface AlertGroupRow {
  key: string;
  episode: ShownEpisode | undefined;
  alerts: readonly ShownAlert[];
}

const rank: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };
const rankOf = (severity: string): number => (Object.hasOwn(rank, severity) ? rank[severity as Severity] : 1);

/** The name of an alert; "" where it has none. */
export const alertName = ({ labels }: Pick<ShownAlert, "labels">): string =>
  Object.hasOwn(labels, "alertname") ? (labels["alertname"] ?? "") : "";

const textOf = (alert: ShownAlert): string =>
  [
    ...[alert.summary, alert.description, alert.state, alert.source, alert.incident ?? "", alert.severity],
    ...Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`),
  ]
    .join(" ")
    .toLowerCase();

const wordsOf = (find: string | undefined): readonly string[] =>
  (find ?? "").toLowerCase().split(/\s+/).filter(Boolean);

const hasAll = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

/** Does an alert hold every word that is looked for, in a label, its text or its state? */
export const isFound = (alert: ShownAlert, { find, severity }: AlertsSearch): boolean =>
  (severity === undefined || alert.severity === severity) && hasAll(textOf(alert), wordsOf(find));

export const isRuleFound = (rule: ShownRule, { find, severity }: AlertsSearch): boolean =>
  (severity === undefined || rule.severity === severity) &&
  hasAll(
    [rule.alert, rule.expr, rule.owner, rule.class, rule.state, rule.summary].join(" ").toLowerCase(),
    wordsOf(find),
  );

const byUrgency = (a: ShownAlert, b: ShownAlert): number =>
  Number(a.state === "pending") - Number(b.state === "pending") ||
  a.suppressedBy.length - b.suppressedBy.length ||
  rankOf(a.severity) - rankOf(b.severity) ||
  a.startsAt - b.startsAt ||
  (a.fingerprint < b.fingerprint ? -1 : 1);

/** The worst severity on top, what nobody has taken yet before what somebody has, the oldest first; untold alerts last. */
export function groupAlerts(page: AlertsPage, search: AlertsSearch): readonly AlertGroupRow[] {
  const found = page.alerts.filter((alert) => isFound(alert, search));
  const byGroup = Map.groupBy(found, ({ groupKey }) => groupKey);
  const isNarrowed = wordsOf(search.find).length > 0 || search.severity !== undefined;
  const told = page.episodes
    .map((episode) => ({
      key: episode.id,
      episode,
      alerts: (byGroup.get(episode.groupKey) ?? []).toSorted(byUrgency),
    }))
    .filter(({ alerts }) => !isNarrowed || alerts.length > 0)
    .toSorted((a, b) => compareEpisodes(a.episode, b.episode));
  const toldKeys = new Set(page.episodes.map(({ groupKey }) => groupKey));
  const untold = [...byGroup]
    .filter(([key]) => !toldKeys.has(key))
    .flatMap(([, alerts]) => alerts)
    .toSorted(byUrgency);
  return untold.length === 0 ? told : [...told, { key: "untold", episode: undefined, alerts: untold }];
}

const isTaken = ({ escalation }: ShownEpisode): boolean => escalation?.kind === "acknowledged";

const compareEpisodes = (a: ShownEpisode, b: ShownEpisode): number =>
  rankOf(a.severity) - rankOf(b.severity) || Number(isTaken(a)) - Number(isTaken(b)) || a.startsAt - b.startsAt;

export const severityTone = (severity: string): Tone =>
  severity === "critical" ? "bad" : severity === "info" ? "aside" : "warn";

/** One sentence of all alerts. What is not known is not counted as calm. */
export function alertsSentence(page: AlertsPage): { tone: Tone; sentence: string; line: string } {
  const firing = page.alerts.filter(({ state }) => state !== "pending");
  const open = firing.filter(({ suppressedBy }) => suppressedBy.length === 0);
  const count = (severity: Severity) => open.filter((alert) => alert.severity === severity).length;
  const critical = count("critical");
  const others = open.length - critical;
  const unknown = firing.filter(({ unknownSince }) => unknownSince > 0).length;
  const unjudged = page.problems.length;
  const line = [
    said(firing.length - open.length, "firing alert is suppressed", "firing alerts are suppressed"),
    said(page.alerts.length - firing.length, "is pending", "are pending"),
    said(unknown, "is kept although its facts are missing", "are kept although their facts are missing"),
    said(unjudged, "rule cannot be judged", "rules cannot be judged"),
  ]
    .filter((part) => part !== "")
    .join("; ");
  const tone: Tone = critical > 0 ? "bad" : others > 0 ? "warn" : unjudged > 0 ? "unknown" : "fine";
  const sentence =
    open.length === 0
      ? "No alert asks for anybody."
      : critical > 0
        ? `${critical === 1 ? "1 critical alert fires" : `${critical} critical alerts fire`}${others > 0 ? `, and ${others} below it` : ""}.`
        : open.length === 1
          ? "1 alert fires."
          : `${open.length} alerts fire.`;
  return { tone, sentence, line: line === "" ? "" : `${line}.` };
}

const said = (count: number, one: string, many: string): string =>
  count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
