import { foldInbound } from "../alerts/inbound/fold-inbound.ts";
import type { InboundAlert } from "../alerts/inbound/types.ts";
import { firingAlerts } from "../alerts/notice/firing-alerts.ts";
import { groupAlerts } from "../alerts/notice/group-alerts.ts";
import { evaluateRules, type RuleInput } from "../alerts/state/evaluate-rules.ts";
import type { RuleProblem, Transition } from "../alerts/state/types.ts";
import { openIncidentsForSuppression } from "../incidents/open-for-suppression.ts";
import { healClock } from "./clock-step.ts";
import { newDraft, type Draft, type RespondContext } from "./draft.ts";
import { followSlashings } from "./holds.ts";
import { followAlerts } from "./incident-steps.ts";
import { takeNotice } from "./notices.ts";
import { releaseBundles } from "./bundles.ts";
import { forgetPaging } from "./page-person.ts";
import { sweepEscalations } from "./paging.ts";
import { followTogether } from "./together.ts";
import { rowChanges, withoutOver } from "./rows.ts";
import type { AlertEvent, RespondCommit, RespondState } from "./types.ts";

export interface StepInput {
  /** Facts and answers to judge the rules by; absent: the rules are not judged in this step. */
  rules?: RuleInput;
  /** Alerts that other systems sent. */
  inbound?: readonly InboundAlert[];
}

export interface Step {
  after: RespondState;
  commit: RespondCommit;
  /** Of the rules, where they were judged. */
  problems: readonly RuleProblem[] | undefined;
  /** Inbound alerts that found no room. */
  refused: number;
}

/** Expired silences stay visible so long. */
const keepSilenceMs = 5 * 86_400_000;

/**
 * From what is known to who is told: one step. `act` is what a person asked for; it runs first. Everything that follows from a
 * step is in its commit, so that state and messages are kept or lost together. Pure: the same input gives the same step.
 */
export function respondStep(
  before: RespondState,
  input: StepInput,
  context: RespondContext,
  act?: (draft: Draft, context: RespondContext) => void,
): Step {
  const draft = newDraft(before);
  healClock(draft, context.now);
  act?.(draft, context);
  const problems = input.rules && judgeRules(draft, context, input.rules);
  const refused = takeInbound(draft, context, input.inbound ?? []);
  regroup(draft, context);
  followAlerts(draft, context);
  followTogether(draft, context);
  followSlashings(draft, context);
  sweepEscalations(draft, context);
  releaseBundles(draft, context);
  forgetPaging(draft, context);
  forgetOld(draft, context);
  const { state, events, entries, messages } = draft;
  return {
    ...{ after: withoutOver(state), problems, refused },
    commit: { ...rowChanges(before, state), events, entries, messages },
  };
}

function judgeRules(draft: Draft, { settings, now }: RespondContext, input: RuleInput): readonly RuleProblem[] {
  const { states, transitions, problems } = evaluateRules(settings.rules, input, draft.state.alerts, now);
  draft.state.alerts = states;
  draft.events.push(...transitions.map(eventOf));
  return problems;
}

function eventOf({ kind, reason, at, alert }: Transition): AlertEvent {
  const { fingerprint, rule, labels, severity, summary, value } = alert;
  return { fingerprint, rule, alert: labels["alertname"] ?? "", kind, reason, at, labels, severity, summary, value };
}

function takeInbound(draft: Draft, { now, listeningSince }: RespondContext, incoming: readonly InboundAlert[]): number {
  const known = new Map(draft.state.inbound.map((alert) => [alert.fingerprint, alert]));
  if (known.size === 0 && incoming.length === 0) return 0;
  const { alerts, refused } = foldInbound(draft.state.inbound, incoming, now, listeningSince);
  draft.state.inbound = alerts.map((alert) => {
    const before = known.get(alert.fingerprint);
    const isOver = alert.status === "resolved";
    if (isOver !== (before === undefined ? true : before.status === "resolved"))
      draft.events.push({
        ...{ fingerprint: alert.fingerprint, rule: alert.source, alert: alert.labels["alertname"] ?? "", at: now },
        ...{ kind: isOver ? "resolved" : "firing", reason: isOver ? "condition-ended" : "condition-holds" },
        ...{
          labels: alert.labels,
          severity: severityOf(alert),
          summary: alert.annotations["summary"] ?? "",
          value: null,
        },
      });
    if (before === alert) return before;
    return before !== undefined && JSON.stringify(before) === JSON.stringify(alert) ? before : alert;
  });
  return refused;
}

function severityOf({ labels }: InboundAlert): AlertEvent["severity"] {
  const { severity } = labels;
  return severity === "critical" || severity === "info" ? severity : "warning";
}

function regroup(draft: Draft, context: RespondContext): void {
  const { settings, now } = context;
  const { alerts, inbound, silences, incidents, groups } = draft.state;
  const suppression = {
    ...{ silences, inhibitRules: settings.inhibitRules, mutes: settings.mutes },
    incidents: openIncidentsForSuppression(incidents),
  };
  const firing = firingAlerts(alerts, inbound, suppression, now);
  const grouping = groupAlerts(groups, firing, settings.grouping, now);
  draft.state.groups = grouping.groups;
  for (const notice of grouping.notices) takeNotice(draft, context, notice);
}

function forgetOld(draft: Draft, { now }: RespondContext): void {
  const { silences, overrides } = draft.state;
  const kept = silences.filter(({ endsAt }) => endsAt + keepSilenceMs > now);
  if (kept.length < silences.length) draft.state.silences = kept;
  const coming = overrides.filter(({ toAt }) => toAt + keepSilenceMs > now);
  if (coming.length < overrides.length) draft.state.overrides = coming;
}
