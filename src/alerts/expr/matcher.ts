import { labelOf, type Labels } from "../labels.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { orProblem, type TextProblem } from "./refusal.ts";

export const matchOperators = ["=", "!=", "=~", "!~"] as const;
export type MatchOperator = (typeof matchOperators)[number];

/** One condition on a label, as it is stored and sent. `="*"`: the label is there, whatever its value. */
export interface MatcherText {
  name: string;
  op: MatchOperator;
  value: string;
}

/** A condition that is ready to be asked. */
export interface Matcher extends MatcherText {
  pattern?: Pattern;
}

/** Throws `Refusal` for a bad pattern; `position` is where the value begins in the text that is being read. */
export function toMatcher({ name, op, value }: MatcherText, position = 0): Matcher {
  if (op === "=~" || op === "!~") return { name, op, value, pattern: compilePattern(value, position) };
  return { name, op, value };
}

/** Matchers as they were stored or sent; a bad pattern is told with the matcher's name. */
export function readMatchers(
  texts: readonly MatcherText[],
): { kind: "read"; value: Matcher[] } | ({ kind: "refused" } & TextProblem) {
  return orProblem(() => texts.map((text) => toMatcher(text)));
}

/** A label that is absent counts as empty, as in Prometheus. */
export function matches({ name, op, value, pattern }: Matcher, labels: Labels): boolean {
  const found = labelOf(labels, name);
  switch (op) {
    case "=":
      return value === "*" ? found !== "" : found === value;
    case "!=":
      return value === "*" ? found === "" : found !== value;
    case "=~":
      return pattern?.matches(found) ?? false;
    case "!~":
      return !(pattern?.matches(found) ?? true);
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matches(matcher, labels));
}

export function isStar({ op, value }: MatcherText): boolean {
  return op === "=" && value === "*";
}

export function formatMatcher({ name, op, value }: MatcherText): string {
  const label = /^[A-Za-z_][A-Za-z0-9_.]*$/.test(name) ? name : quote(name);
  return `${label}${op}${quote(value)}`;
}

/** A text in quotes, with the escapes that conditions know. */
function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `"${escaped.replaceAll("\r", "\\r")}"`;
}
