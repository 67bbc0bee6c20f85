import { labelKey, type Labels } from "./labels.ts";
import type { Fact } from "./fact.ts";
import { groupAlerts } from "./notice/group-alerts.ts";
import { firingAlerts } from "./notice/firing-alerts.ts";
import { defaultGrouping, type AlertGroup, type GroupingSettings } from "./notice/types.ts";
import type { Rule } from "./rule.ts";
import { evaluateRules } from "./state/evaluate-rules.ts";
import type { AlertState, Transition } from "./state/types.ts";

/** Facts as they became known at one instant; each replaces the one before with the same name and labels. */
export interface HistoryFrame {
  at: number;
  facts: readonly Fact[];
}

export interface BacktestFiring {
  labels: Labels;
  activeAt: number;
  firedAt: number;
  /** 0: it fires at the end of the history. */
  resolvedAt: number;
  /** Ms for which it fired while its facts were missing or old. */
  unknownMs: number;
}

export interface Backtest {
  fromAt: number;
  toAt: number;
  /** In order of firing; the first 1,000. */
  firings: BacktestFiring[];
  /** Firings beyond those that are listed. */
  more: number;
  /** Notices that the firings would have made, without silences, maintenance or incidents. */
  notices: { firing: number; repeat: number; resolve: number };
  /** Ms for which the rule could not be judged because no fact of it was known. */
  blindMs: number;
}

const maxFirings = 1_000;
const stepMs = 60_000;
const maxSteps = 200_000;
const quiet = { silences: [], inhibitRules: [], incidents: [], mutes: [] };

/**
 * What a rule on own facts would have done over a history, oldest frame first: judged at every frame and, between frames,
 * every minute, or less often where the history is longer than 200,000 minutes.
 */
export function backtest(
  rule: Rule,
  history: readonly HistoryFrame[],
  settings: GroupingSettings = defaultGrouping,
): Backtest {
  const fromAt = history[0]?.at ?? 0;
  const toAt = history.at(-1)?.at ?? 0;
  const result: Backtest = {
    ...{ fromAt, toAt, firings: [], more: 0, blindMs: 0 },
    notices: { firing: 0, repeat: 0, resolve: 0 },
  };
  const known = new Map<string, Fact>();
  let states: AlertState[] = [];
  let groups: AlertGroup[] = [];
  const open = new Map<string, { firing: BacktestFiring; unknownFrom: number }>();
  let lastAt = fromAt;
  for (const { at, facts } of instants(history, Math.max(stepMs, (toAt - fromAt) / maxSteps))) {
    for (const fact of facts) known.set(`${fact.name}${labelKey(fact.labels)}`, fact);
    const evaluation = evaluateRules([rule], { facts: [...known.values()] }, states, at);
    if (evaluation.problems.some(({ reason }) => reason === "no-facts")) result.blindMs += at - lastAt;
    for (const transition of evaluation.transitions) record(transition, open, result);
    states = evaluation.states;
    const grouping = groupAlerts(groups, firingAlerts(states, [], quiet, at), settings, at);
    for (const { kind } of grouping.notices) result.notices[kind] += 1;
    groups = grouping.groups;
    lastAt = at;
  }
  for (const { firing, unknownFrom } of open.values()) if (unknownFrom !== 0) firing.unknownMs += toAt - unknownFrom;
  return result;
}

function* instants(history: readonly HistoryFrame[], everyMs: number): Generator<HistoryFrame> {
  let before: HistoryFrame | undefined;
  for (const frame of history) {
    for (let at = (before?.at ?? frame.at) + everyMs; at < frame.at; at += everyMs) yield { at, facts: [] };
    yield frame;
    before = frame;
  }
}

function record(
  { kind, at, alert }: Transition,
  open: Map<string, { firing: BacktestFiring; unknownFrom: number }>,
  result: Backtest,
): void {
  const known = open.get(alert.fingerprint);
  if (kind === "firing") {
    const { labels, activeAt } = alert;
    const firing: BacktestFiring = { labels, activeAt, firedAt: at, resolvedAt: 0, unknownMs: 0 };
    open.set(alert.fingerprint, { firing, unknownFrom: 0 });
    if (result.firings.length < maxFirings) result.firings.push(firing);
    else result.more += 1;
  }
  if (!known) return;
  if (kind === "unknown") known.unknownFrom = at;
  if ((kind === "known" || kind === "resolved") && known.unknownFrom !== 0) {
    known.firing.unknownMs += at - known.unknownFrom;
    known.unknownFrom = 0;
  }
  if (kind === "resolved") {
    known.firing.resolvedAt = at;
    open.delete(alert.fingerprint);
  }
}
