import type { Fact } from "../fact.ts";
import { areCompatible, labelKey, pickLabels, type Labels } from "../labels.ts";
import { isStar, matchesAll } from "./matcher.ts";
import type { Compare, Comparison, Expr } from "./types.ts";

/** `unknown`: what it is judged by is too old, not a number, or missing. */
export type Truth = "true" | "false" | "unknown";

/** What a condition says about one set of labels. */
export interface Element {
  labels: Labels;
  truth: Truth;
  /** Of the fact that decided, after arithmetic. */
  value: number;
  /** When that fact was observed. */
  at: number;
}

/** Facts by name, so that a rule looks only at its own. */
export type FactIndex = ReadonlyMap<string, readonly Fact[]>;

export interface EvaluationInput {
  facts: FactIndex;
  now: number;
  /** Older facts of this name are not known. */
  staleAfterMs: (fact: string) => number;
}

export function indexFacts(facts: readonly Fact[]): FactIndex {
  return Map.groupBy(facts, ({ name }) => name);
}

/**
 * What a condition says now: one element for each set of labels. A label that is matched with `="*"` makes one element for
 * each of its values, with that label alone; without one, each fact makes an element with all its labels. `and` and
 * `unless` keep the left side's elements, held against those of the right side that agree on every label both carry.
 */
export function evaluateExpr(expr: Expr, input: EvaluationInput): Element[] {
  switch (expr.kind) {
    case "compare":
      return evaluateCompare(expr, input);
    case "and":
      return joined(expr, input, (left, right) => both(left, right.length === 0 ? "unknown" : any(right)));
    case "unless":
      // Only what is known to hold takes an alarm away.
      return joined(expr, input, (left, right) => (any(right) === "true" ? "false" : left));
    case "or":
      return evaluateOr(evaluateExpr(expr.left, input), evaluateExpr(expr.right, input));
  }
}

function evaluateCompare(compare: Compare, { facts, now, staleAfterMs }: EvaluationInput): Element[] {
  const stars = compare.matchers.filter(isStar).map(({ name }) => name);
  const staleBefore = now - staleAfterMs(compare.fact);
  const byKey = new Map<string, Element>();
  for (const { labels, value, at } of facts.get(compare.fact) ?? []) {
    if (!matchesAll(compare.matchers, labels)) continue;
    const computed = compute(value, compare.arithmetic);
    const isKnown = at >= staleBefore && Number.isFinite(computed);
    const truth = !isKnown ? "unknown" : compareNumbers(computed, compare.op, compare.limit) ? "true" : "false";
    const element = {
      labels: stars.length === 0 ? labels : pickLabels(labels, stars),
      truth,
      value: computed,
      at,
    } as const;
    const key = labelKey(element.labels);
    const known = byKey.get(key);
    if (!known || isFurther(element, known, compare.op)) byKey.set(key, element);
  }
  return [...byKey.values()];
}

function compute(value: number, arithmetic: Compare["arithmetic"]): number {
  if (!arithmetic) return value;
  switch (arithmetic.op) {
    case "+":
      return value + arithmetic.by;
    case "-":
      return value - arithmetic.by;
    case "*":
      return value * arithmetic.by;
    case "/":
      return value / arithmetic.by;
  }
}

function compareNumbers(value: number, op: Comparison, limit: number): boolean {
  switch (op) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

const telling: Readonly<Record<Truth, number>> = { true: 2, unknown: 1, false: 0 };

/** Of several answers behind one alert counts one that holds, else one that is not known. */
export function isMoreTelling(a: Truth, b: Truth): boolean {
  return telling[a] > telling[b];
}

/** Of equally telling facts the one further out. */
function isFurther(a: Element, b: Element, op: Comparison): boolean {
  if (a.truth !== b.truth) return isMoreTelling(a.truth, b.truth);
  if (a.value !== b.value) return op === "<" || op === "<=" ? a.value < b.value : a.value > b.value;
  return a.at > b.at;
}

function joined(
  { left, right }: Exclude<Expr, Compare>,
  input: EvaluationInput,
  join: (left: Truth, right: readonly Truth[]) => Truth,
): Element[] {
  const rights = evaluateExpr(right, input);
  return evaluateExpr(left, input).map((element) => {
    const partners = rights.filter(({ labels }) => areCompatible(element.labels, labels));
    return {
      ...element,
      truth: join(
        element.truth,
        partners.map(({ truth }) => truth),
      ),
    };
  });
}

function evaluateOr(left: readonly Element[], right: readonly Element[]): Element[] {
  const byKey = new Map(left.map((element) => [labelKey(element.labels), element]));
  for (const element of right) {
    const key = labelKey(element.labels);
    const known = byKey.get(key);
    if (!known || isMoreTelling(element.truth, known.truth)) byKey.set(key, element);
  }
  return [...byKey.values()];
}

function both(a: Truth, b: Truth): Truth {
  if (a === "false" || b === "false") return "false";
  return a === "true" && b === "true" ? "true" : "unknown";
}

function any(truths: readonly Truth[]): Truth {
  if (truths.includes("true")) return "true";
  return truths.includes("unknown") ? "unknown" : "false";
}
