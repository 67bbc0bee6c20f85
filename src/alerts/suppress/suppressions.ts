import { matchesAll, readMatchers, type Matcher, type MatcherText } from "../expr/matcher.ts";
import { carries, labelOf, type Labels } from "../labels.ts";
import { severityRank } from "../severity.ts";
import { silenceState } from "./silence.ts";
import type { InhibitRule, Mute, OpenIncident, Silence, Suppression } from "./types.ts";

/** The alert as suppression looks at it. */
export interface Suppressible {
  fingerprint: string;
  labels: Labels;
  severity: string;
  /** Its facts are missing or old: then it silences no other. */
  isUnknown: boolean;
}

export interface SuppressionInput {
  silences: readonly Silence[];
  inhibitRules: readonly InhibitRule[];
  incidents: readonly OpenIncident[];
  mutes: readonly Mute[];
}

/** Gives every firing alert what keeps it from being told now; most have nothing. */
export function suppressAlerts<A extends Suppressible>(
  alerts: readonly A[],
  input: SuppressionInput,
  now: number,
): (A & { suppressedBy: Suppression[] })[] {
  const silences = input.silences
    .filter((silence) => silenceState(silence, now) === "active")
    .flatMap((silence) => orNothing(silence.matchers, (matchers) => ({ ...silence, matchers })));
  const mutes = input.mutes.filter(({ startsAt, endsAt }) => now >= startsAt && now < endsAt);
  const inhibited = inhibitions(alerts, input.inhibitRules);
  return alerts.map((alert) => ({
    ...alert,
    suppressedBy: [
      ...silences
        .filter(({ matchers }) => matchesAll(matchers, alert.labels))
        .map(({ id, endsAt }) => ({ kind: "silence" as const, id, reason: "silenced" as const, until: endsAt })),
      ...inhibited(alert),
      ...byIncident(alert, input.incidents),
      ...byMaintenance(alert, mutes),
    ],
  }));
}

/** A stored pattern that no longer reads silences nothing: a page too many is better than one too few. */
function orNothing<T>(texts: readonly MatcherText[], use: (matchers: readonly Matcher[]) => T): T[] {
  const read = readMatchers(texts);
  return read.kind === "read" ? [use(read.value)] : [];
}

/** An alert on both sides of a rule is not inhibited by another that is on both as well, as in Alertmanager. */
function inhibitions(
  alerts: readonly Suppressible[],
  rules: readonly InhibitRule[],
): (target: Suppressible) => Suppression[] {
  const prepared = rules.flatMap((rule) =>
    orNothing(rule.sourceMatchers, (source) => orNothing(rule.targetMatchers, (target) => ({ rule, source, target }))),
  );
  const withSources = prepared.flat().map(({ rule, source, target }) => {
    const firing = alerts.filter(({ labels, isUnknown }) => !isUnknown && matchesAll(source, labels));
    return { rule, source, target, sources: Map.groupBy(firing, ({ labels }) => equalKey(rule, labels)) };
  });
  return ({ fingerprint, labels }) =>
    withSources.flatMap(({ rule, source, target, sources }): Suppression[] => {
      if (!matchesAll(target, labels)) return [];
      const isSourceToo = matchesAll(source, labels);
      const by = sources
        .get(equalKey(rule, labels))
        ?.some((other) => other.fingerprint !== fingerprint && !(isSourceToo && matchesAll(target, other.labels)));
      return by ? [{ kind: "inhibit_rule", id: rule.id, reason: "inhibited-by-alert" }] : [];
    });
}

function equalKey({ equal }: InhibitRule, labels: Labels): string {
  return JSON.stringify(equal.map((name) => labelOf(labels, name)));
}

/** An alert that is worse than the incident that it belongs to is told all the same. */
function byIncident({ labels, severity }: Suppressible, incidents: readonly OpenIncident[]): Suppression[] {
  if (isSecurity(labels)) return [];
  return incidents
    .filter((incident) => severityRank(severity) <= severityRank(incident.severity))
    .filter((incident) => carriesOneOf(labels, incident.labelSets) || isOfCoveredClass(labels, incident))
    .map(({ reference }) => ({ kind: "incident", id: reference, reason: "inhibited-by-incident" }));
}

function carriesOneOf(labels: Labels, sets: readonly Labels[]): boolean {
  return sets.some((set) => Object.keys(set).length > 0 && carries(labels, set));
}

/** Labels of what breaks by itself, whatever the network does. */
const ownThings = ["host", "provider", "place", "client"];

function isOfCoveredClass(labels: Labels, { coversClasses = [], coversWithin }: OpenIncident): boolean {
  const of = labelOf(labels, "class");
  if (coversWithin && !carriesOneOf(labels, coversWithin)) return false;
  return of !== "" && coversClasses.includes(of) && ownThings.every((name) => labelOf(labels, name) === "");
}

function byMaintenance({ labels }: Suppressible, mutes: readonly Mute[]): Suppression[] {
  if (isSecurity(labels)) return [];
  const names = (list: readonly string[], label: string) => {
    const value = labelOf(labels, label);
    return value !== "" && list.includes(value);
  };
  return mutes
    .filter(({ hosts, nodes, groups }) => names(hosts, "host") || names(nodes, "node") || names(groups, "group"))
    .map(({ id, endsAt }) => ({ kind: "maintenance", id, reason: "in-maintenance", until: endsAt }));
}

/** A slashing, a doubled key or a wrong fee recipient is told whatever else goes on; only a person silences it. */
function isSecurity(labels: Labels): boolean {
  return labelOf(labels, "class") === "security";
}
