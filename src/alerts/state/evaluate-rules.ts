import { evaluateExpr, indexFacts, isMoreTelling, type Element, type FactIndex } from "../expr/evaluate-expr.ts";
import { staleAfterMsOf } from "../fact-catalogue.ts";
import type { Fact } from "../fact.ts";
import { carries, fingerprintOf, trimLabels, type Labels } from "../labels.ts";
import { ruleKeyOf, type Rule } from "../rule.ts";
import { stepAlert, type Step } from "./step-alert.ts";
import type { AlertState, PromqlAnswer, RuleProblem, Transition } from "./types.ts";

/** Alerts of one rule that are followed one by one. */
export const maxAlertsPerRule = 500;
/** Answers of Prometheus stand for so many intervals, and at least for 5 minutes. */
const answerIntervals = 3;
const minAnswerMs = 300_000;

export interface RuleInput {
  facts: readonly Fact[];
  /** Newest answer for each `promql:` rule. */
  answers?: readonly PromqlAnswer[];
  /** Labels of what is no longer watched: alerts that carry all labels of one of them end. */
  removed?: readonly Labels[];
}

export interface Evaluation {
  /** Sorted by fingerprint. */
  states: AlertState[];
  transitions: Transition[];
  problems: RuleProblem[];
}

/**
 * The alerts after one evaluation of all rules. An alert whose facts are missing or old keeps its state and is marked
 * unknown: it neither fires nor resolves by silence of its data. Alerts of rules that are gone, and of what is no longer
 * watched, are resolved. Evaluating again with the same facts changes nothing but what time alone changes.
 */
export function evaluateRules(
  rules: readonly Rule[],
  input: RuleInput,
  states: readonly AlertState[],
  now: number,
): Evaluation {
  const facts = indexFacts(input.facts);
  const answers = new Map((input.answers ?? []).map((answer) => [answer.rule, answer]));
  const byRule = Map.groupBy(states, ({ rule }) => rule);
  const result: Evaluation = { states: [], transitions: [], problems: [] };
  for (const rule of rules) {
    const key = ruleKeyOf(rule);
    const answer = answers.get(key);
    const elements = elementsOf(rule, facts, answer, now);
    const left = elements ? (answer?.left ?? 0) : 0;
    if (!elements || (elements.length === 0 && rule.condition.kind === "facts")) {
      const reason = rule.condition.kind === "promql" ? "no-answer" : "no-facts";
      result.problems.push({ rule: key, alert: rule.alert, reason, count: 0 });
    }
    const known = { states: byRule.get(key) ?? [], removed: input.removed ?? [], left, now };
    judgeRule(rule, key, elements, known, result);
    byRule.delete(key);
  }
  for (const orphans of byRule.values()) for (const alert of orphans) leave(result, alert, "rule-removed", now);
  result.states.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return result;
}

interface RuleStates {
  states: readonly AlertState[];
  removed: readonly Labels[];
  /** Of Prometheus' samples, those that are not listed. */
  left: number;
  now: number;
}

function judgeRule(
  rule: Rule,
  key: string,
  elements: readonly Element[] | undefined,
  { states, removed, left: unlisted, now }: RuleStates,
  result: Evaluation,
): void {
  const found = alertElements(rule, elements ?? []);
  const isRemoved = (labels: Labels) => removed.some((gone) => Object.keys(gone).length > 0 && carries(labels, gone));
  let count = 0;
  for (const state of states) {
    if (isRemoved(state.labels)) {
      leave(result, state, "subject-removed", now);
      continue;
    }
    const step = stepAlert(rule, state, found.get(state.fingerprint) ?? absent(rule, elements, state, unlisted), now);
    count += Number(take(result, step));
  }
  const known = new Set(states.map(({ fingerprint }) => fingerprint));
  let left = unlisted;
  for (const [fingerprint, element] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (element.truth !== "true" || known.has(fingerprint) || isRemoved(element.labels)) continue;
    if (count >= maxAlertsPerRule) left += 1;
    else count += Number(take(result, stepAlert(rule, { fingerprint, rule: key, ...element }, element, now)));
  }
  if (left > 0) result.problems.push({ rule: key, alert: rule.alert, reason: "too-many-alerts", count: left });
}

/** `undefined`: nothing is known, neither that the condition holds nor that it does not. */
function elementsOf(
  rule: Rule,
  facts: FactIndex,
  answer: PromqlAnswer | undefined,
  now: number,
): readonly Element[] | undefined {
  if (rule.condition.kind === "facts") {
    const staleAfterMs = rule.staleAfterMs === undefined ? staleAfterMsOf : () => rule.staleAfterMs ?? 0;
    return evaluateExpr(rule.condition.expr, { facts, now, staleAfterMs });
  }
  const standsMs = rule.staleAfterMs ?? Math.max(minAnswerMs, answerIntervals * rule.intervalMs);
  if (!answer || answer.at < now - standsMs) return undefined;
  return answer.samples.map(({ labels, value }) => ({ labels, value, truth: "true", at: answer.at }));
}

/** An alert that no fact speaks of is not known. Prometheus, where its whole answer is here, names all for which the query holds. */
function absent(rule: Rule, elements: readonly Element[] | undefined, state: AlertState, unlisted: number): Element {
  const truth = rule.condition.kind === "promql" && elements && unlisted === 0 ? "false" : "unknown";
  return { labels: state.labels, truth, value: state.value ?? NaN, at: state.observedAt };
}

/** By fingerprint, with the labels that the alert has: its rule's own win over those of the fact. */
function alertElements(rule: Rule, elements: readonly Element[]): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const element of elements) {
    const labels = trimLabels({ ...element.labels, ...rule.labels, alertname: rule.alert });
    const fingerprint = fingerprintOf(labels);
    const known = found.get(fingerprint);
    if (!known || isMoreTelling(element.truth, known.truth)) found.set(fingerprint, { ...element, labels });
  }
  return found;
}

/** Is the alert still there after the step? */
function take(result: Evaluation, { alert, transitions }: Step): boolean {
  result.transitions.push(...transitions);
  if (alert) result.states.push(alert);
  return alert !== undefined;
}

function leave(result: Evaluation, alert: AlertState, reason: "rule-removed" | "subject-removed", at: number): void {
  result.transitions.push({ kind: alert.kind === "firing" ? "resolved" : "dropped", reason, at, alert });
}
