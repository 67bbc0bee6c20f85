import type { Element } from "../expr/evaluate-expr.ts";
import type { Rule } from "../rule.ts";
import { fillTemplate } from "../template.ts";
import type { AlertReasonCode } from "../reasons.ts";
import type { AlertState, Transition, TransitionKind } from "./types.ts";

/** A pending alert whose facts stay away that long is dropped. */
export const pendingUnknownMs = 3_600_000;

/** An alert that does not exist yet. */
export type NewAlert = Pick<AlertState, "fingerprint" | "rule" | "labels">;

export interface Step {
  /** `undefined`: it is gone. */
  alert: AlertState | undefined;
  transitions: Transition[];
}

/** One alert, one look at its condition. */
export function stepAlert(rule: Rule, before: AlertState | NewAlert, element: Element, now: number): Step {
  const transitions: Transition[] = [];
  const tell = (kind: TransitionKind, reason: AlertReasonCode, alert: AlertState) =>
    transitions.push({ kind, reason, at: now, alert });
  const isNew = !("kind" in before);
  let alert = isNew ? begin(rule, before, element, now) : before;

  if (element.truth === "unknown") {
    if (alert.unknownSince === 0) tell("unknown", "facts-lost", (alert = { ...alert, unknownSince: now }));
    if (alert.kind === "firing" || now - alert.unknownSince < pendingUnknownMs) return { alert, transitions };
    tell("dropped", "pending-facts-lost", alert);
    return { alert: undefined, transitions };
  }
  if (alert.unknownSince !== 0) tell("known", "facts-back", (alert = { ...alert, unknownSince: 0 }));

  if (element.truth === "false") return end(rule, alert, now, transitions, tell);

  alert = { ...withValue(rule, alert, element), endedAt: 0 };
  if (isNew && rule.forMs > 0) tell("pending", "condition-began", alert);
  if (alert.kind === "pending" && now - alert.activeAt >= rule.forMs)
    tell("firing", "condition-holds", (alert = { ...alert, kind: "firing", firedAt: now }));
  return { alert, transitions };
}

function end(
  rule: Rule,
  alert: AlertState,
  now: number,
  transitions: Transition[],
  tell: (kind: TransitionKind, reason: AlertReasonCode, alert: AlertState) => void,
): Step {
  if (alert.kind === "pending") {
    tell("dropped", "condition-passed", alert);
    return { alert: undefined, transitions };
  }
  const endedAt = alert.endedAt === 0 ? now : alert.endedAt;
  if (now - endedAt < rule.keepFiringForMs) return { alert: { ...alert, endedAt }, transitions };
  tell("resolved", "condition-ended", { ...alert, endedAt });
  return { alert: undefined, transitions };
}

function begin(rule: Rule, { fingerprint, rule: key, labels }: NewAlert, element: Element, now: number): AlertState {
  const { severity, playbook } = rule;
  const texts = { summary: "", description: "", runbook: rule.annotations.runbook ?? "", playbook };
  const alert: AlertState = {
    ...{ fingerprint, rule: key, labels, severity, kind: "pending", ...texts },
    ...{ value: null, observedAt: element.at, activeAt: now, firedAt: 0, endedAt: 0, unknownSince: 0 },
  };
  return withValue(rule, alert, element);
}

/** The texts follow the rule as it is now, and the newest value. */
function withValue(rule: Rule, alert: AlertState, { value, at }: Element): AlertState {
  const { summary, description, runbook = "" } = rule.annotations;
  const fill = (text: string) => fillTemplate(text, alert.labels, value);
  const texts = { summary: fill(summary), description: fill(description), playbook: fill(rule.playbook) };
  return { ...alert, ...texts, runbook, value: Number.isFinite(value) ? value : null, observedAt: at };
}
