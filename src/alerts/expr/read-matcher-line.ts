import { matchOperators, toMatcher, type MatcherText } from "./matcher.ts";
import { parseMatchers } from "./parse-expr.ts";
import { orProblem, Refusal, type TextProblem } from "./refusal.ts";

/**
 * Reads one matcher as people write it in a list: `customer=lido`, `severity=~critical|warning`, with or without quotes
 * around the value. `="*"` asks that the label is there, whatever its value.
 */
export function readMatcherLine(
  text: string,
): { kind: "read"; value: MatcherText } | ({ kind: "refused" } & TextProblem) {
  const found = /^\s*([A-Za-z_][A-Za-z0-9_.]*)\s*(=~|!~|!=|=)\s*([^]*?)\s*$/.exec(text);
  const [, name = "", sign, value = ""] = found ?? [];
  const op = matchOperators.find((each) => each === sign);
  if (op === undefined)
    return { kind: "refused", message: "expected a label, one of = != =~ !~, and a value", position: 0 };
  if (/^["']/.test(value)) return readQuoted(text);
  return orProblem(() => {
    toMatcher({ name, op, value }, text.indexOf(value, text.indexOf(op) + op.length));
    return { name, op, value };
  });
}

function readQuoted(text: string): ReturnType<typeof readMatcherLine> {
  const read = parseMatchers(text);
  if (read.kind === "refused") return { ...read, position: Math.max(0, read.position - 1) };
  return orProblem(() => {
    const [first, second] = read.value;
    if (first === undefined || second !== undefined) throw new Refusal("expected one matcher", 0);
    return { name: first.name, op: first.op, value: first.value };
  });
}
