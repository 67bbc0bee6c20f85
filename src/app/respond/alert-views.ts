import type {
  AlertsPage,
  RulesPage,
  ShownAlert,
  ShownEpisode,
  ShownRule,
  SilencesPage,
} from "../../api/contract-respond.ts";
import { comparesOf } from "../../alerts/expr/types.ts";
import { factNamed } from "../../alerts/fact-catalogue.ts";
import { defaultRules } from "../../alerts/default-rules.ts";
import { firingAlerts } from "../../alerts/notice/firing-alerts.ts";
import { ruleKeyOf, type Rule } from "../../alerts/rule.ts";
import type { AlertState, RuleProblem } from "../../alerts/state/types.ts";
import { silenceState } from "../../alerts/suppress/silence.ts";
import type { InboundAlert } from "../../alerts/inbound/types.ts";
import { contentFor, type ReaderRole } from "../../incidents/disclose/content-for.ts";
import { openIncidentsForSuppression } from "../../incidents/open-for-suppression.ts";
import type { RespondSettings } from "../../respond/settings.ts";
import type { Episode, RespondState } from "../../respond/types.ts";
import { embargoedTitle } from "./embargo-for.ts";

/** Everything that is pending or fires, with what keeps it from being told and where it is told. */
export function showAlerts(
  state: RespondState,
  settings: RespondSettings,
  problems: readonly RuleProblem[],
  now: number,
): AlertsPage {
  const suppression = {
    ...{ silences: state.silences, inhibitRules: settings.inhibitRules, mutes: settings.mutes },
    incidents: openIncidentsForSuppression(state.incidents),
  };
  const suppressed = new Map(
    firingAlerts(state.alerts, state.inbound, suppression, now).map((alert) => [alert.fingerprint, alert]),
  );
  const groupOf = new Map(
    state.groups.flatMap(({ groupKey, members }) => members.map(({ fingerprint }) => [fingerprint, groupKey] as const)),
  );
  const incidentOf = new Map(state.episodes.map(({ groupKey, incident }) => [groupKey, incident]));
  const placed = (fingerprint: string) => {
    const groupKey = groupOf.get(fingerprint) ?? "";
    const suppressedBy = suppressed.get(fingerprint)?.suppressedBy ?? [];
    return { groupKey, suppressedBy, incident: incidentOf.get(groupKey) };
  };
  const alerts = [
    ...state.alerts.map((alert): ShownAlert => ({ ...ownAlert(alert), ...placed(alert.fingerprint) })),
    ...state.inbound
      .filter(({ status }) => status !== "resolved")
      .flatMap((alert): ShownAlert[] => {
        const firing = suppressed.get(alert.fingerprint);
        if (!firing) return [];
        const { labels, severity, summary, description, runbook, playbook, startsAt } = firing;
        const texts = { labels, severity, summary, description, runbook, playbook, startsAt };
        return [{ ...texts, ...inboundState(alert), ...placed(alert.fingerprint) }];
      }),
  ];
  return {
    at: now,
    alerts,
    episodes: state.episodes.map(showEpisode),
    problems: problems.map(({ alert, reason, count }) => ({ alert, reason, count })),
  };
}

/** The same without what this reader may not read: which alarms belong to an embargoed incident, and what they are about. */
export function veilAlerts(
  page: AlertsPage,
  { incidents }: Pick<RespondState, "incidents">,
  reader: ReaderRole,
): AlertsPage {
  const hidden = new Set(
    incidents.filter((incident) => !contentFor(incident, reader)).map(({ reference }) => reference),
  );
  if (hidden.size === 0) return page;
  const isHidden = (incident: string | undefined) => incident !== undefined && hidden.has(incident);
  return {
    ...page,
    alerts: page.alerts.map((alert) => (isHidden(alert.incident) ? { ...alert, incident: undefined } : alert)),
    episodes: page.episodes.map((episode) =>
      isHidden(episode.incident) ? { ...episode, title: embargoedTitle, labels: {} } : episode,
    ),
  };
}

function ownAlert(alert: AlertState) {
  const { fingerprint, kind, labels, severity, summary, description, runbook, playbook, value, unknownSince } = alert;
  const startsAt = kind === "firing" ? alert.firedAt : alert.activeAt;
  const texts = { labels, severity, summary, description, runbook, playbook };
  return { fingerprint, state: kind, source: "rules" as const, ...texts, value, startsAt, unknownSince };
}

function inboundState({ fingerprint, status, source }: InboundAlert) {
  const state = status === "acknowledged" ? ("acknowledged" as const) : ("firing" as const);
  return { fingerprint, state, source, value: null, unknownSince: 0 };
}

export function showEpisode(episode: Episode): ShownEpisode {
  const { id, groupKey, title, severity, labels, toldSince, incident, escalation, policy, told } = episode;
  return {
    ...{ id, groupKey, title, severity, labels, startsAt: toldSince, incident },
    escalation: escalation && {
      kind: escalation.kind,
      policy: policy ?? escalation.chain.name,
      by: escalation.kind === "acknowledged" || escalation.kind === "resolved" ? escalation.by : undefined,
      nextAt: escalation.dueAt,
    },
    told: told.map(({ recipient, channel }) => ({ recipient, channel })),
  };
}

/** Every rule with how it stands; of those that cannot be judged, what is missing. */
export function showRules(
  state: RespondState,
  { rules }: RespondSettings,
  problems: readonly RuleProblem[],
  fired: ReadonlyMap<string, number>,
  now: number,
): RulesPage {
  const shipped = new Set(defaultRules.map(ruleKeyOf));
  const states = Map.groupBy(state.alerts, ({ rule }) => rule);
  const blind = new Set(
    problems.filter(({ reason }) => reason === "no-facts" || reason === "no-answer").map(({ rule }) => rule),
  );
  const shown = rules.map((rule): ShownRule => {
    const key = ruleKeyOf(rule);
    const { alert, expr, severity, owner, forMs, keepFiringForMs, annotations, playbook, labels } = rule;
    const { summary, description } = annotations;
    const own = states.get(key) ?? [];
    const kind = own.some((each) => each.kind === "firing") ? "firing" : own.length > 0 ? "pending" : "inactive";
    return {
      ...{ alert, expr, severity, owner, class: labels["class"] ?? "", forMs, keepFiringForMs },
      ...{ summary, description, playbook, isDefault: shipped.has(key) },
      state: kind === "inactive" && blind.has(key) ? "unknown" : kind,
      needs: blind.has(key) ? needsOf(rule) : undefined,
      firedLastDay: fired.get(alert) ?? 0,
    };
  });
  return { at: now, rules: shown };
}

function needsOf({ condition }: Rule): string {
  if (condition.kind === "promql") return "an answer of the configured Prometheus";
  const needs = comparesOf(condition.expr).map(({ fact }) => factNamed(fact)?.needs ?? `the fact ${fact}`);
  return [...new Set(needs)].join(", ");
}

export function showSilences({ silences }: RespondState, now: number): SilencesPage {
  const shown = silences.map((silence) => ({ ...silence, state: silenceState(silence, now) }));
  return { at: now, silences: shown.toSorted((a, b) => b.endsAt - a.endsAt) };
}
