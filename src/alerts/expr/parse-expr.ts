import { matchOperators, toMatcher, type Matcher } from "./matcher.ts";
import { orProblem, Refusal, type TextProblem } from "./refusal.ts";
import { tokenize, type Token } from "./tokenize.ts";
import { comparisons, type Compare, type Expr } from "./types.ts";

const maxLength = 2_000;
const maxDepth = 20;
const maxCompares = 30;
const joins = ["and", "or", "unless"] as const;

export type ParsedExpr = { kind: "read"; value: Expr } | ({ kind: "refused" } & TextProblem);

/**
 * Reads a condition on facts: `name{label="x", other=~"a|b", customer="*"} > 5`, with `+ - * /` and a number before the
 * comparison, joined by `and`, `unless` (both bind the same, left first) and `or` (binds less), and parentheses.
 */
export function parseExpr(source: string): ParsedExpr {
  return orProblem(() => {
    if (source.length > maxLength) throw new Refusal(`longer than ${maxLength} characters`, maxLength);
    const reader = createReader(tokenize(source));
    const expr = readOr(reader, 0);
    const rest = reader.peek();
    if (rest.kind !== "end") throw new Refusal("expected and, or, unless, or the end", rest.position);
    return expr;
  });
}

/** Reads matchers as they stand in a selector, with or without its braces: `{node="bn1", customer=~"a.*"}`. */
export function parseMatchers(
  source: string,
): { kind: "read"; value: Matcher[] } | ({ kind: "refused" } & TextProblem) {
  return orProblem(() => {
    if (source.length > maxLength) throw new Refusal(`longer than ${maxLength} characters`, maxLength);
    const reader = createReader(tokenize(source.trim().startsWith("{") ? source : `{${source}}`));
    const found = readMatchers(reader);
    const rest = reader.peek();
    if (rest.kind !== "end") throw new Refusal("expected the end", rest.position);
    return found;
  });
}

function createReader(tokens: readonly Token[]) {
  let at = 0;
  const last = tokens.at(-1) ?? { kind: "end" as const, position: 0 };
  const peek = (): Token => tokens[at] ?? last;
  return {
    compares: 0,
    peek,
    next(): Token {
      const token = peek();
      at += 1;
      return token;
    },
    /** Takes the sign if it is next. */
    takes(sign: string): boolean {
      const token = peek();
      const isNext = token.kind === "sign" && token.text === sign;
      if (isNext) at += 1;
      return isNext;
    },
    takesWord(word: string): boolean {
      const token = peek();
      const isNext = token.kind === "word" && token.text === word;
      if (isNext) at += 1;
      return isNext;
    },
  };
}

type Reader = ReturnType<typeof createReader>;

function readOr(reader: Reader, depth: number): Expr {
  let left = readAnd(reader, depth);
  while (reader.takesWord("or")) left = { kind: "or", left, right: readAnd(reader, depth) };
  return left;
}

function readAnd(reader: Reader, depth: number): Expr {
  let left = readTerm(reader, depth);
  for (;;) {
    const kind = reader.takesWord("and") ? "and" : reader.takesWord("unless") ? "unless" : undefined;
    if (!kind) return left;
    left = { kind, left, right: readTerm(reader, depth) };
  }
}

function readTerm(reader: Reader, depth: number): Expr {
  const open = reader.peek();
  if (!reader.takes("(")) return readCompare(reader);
  if (depth >= maxDepth) throw new Refusal(`parentheses nested deeper than ${maxDepth}`, open.position);
  const inner = readOr(reader, depth + 1);
  if (!reader.takes(")")) throw new Refusal("expected ) for the ( that is open", reader.peek().position);
  return inner;
}

function readCompare(reader: Reader): Compare {
  const name = reader.next();
  if (name.kind !== "word" || joins.some((join) => join === name.text) || name.text.includes("."))
    throw new Refusal("expected the name of a fact", name.position);
  reader.compares += 1;
  if (reader.compares > maxCompares) throw new Refusal(`more than ${maxCompares} comparisons`, name.position);
  const next = reader.peek();
  const matchers = next.kind === "sign" && next.text === "{" ? readMatchers(reader) : [];
  const arithmetic = readArithmetic(reader);
  const sign = reader.next();
  const op = comparisons.find((text) => sign.kind === "sign" && sign.text === text);
  if (!op) throw new Refusal("expected a comparison: > >= < <= == !=", sign.position);
  const limit = readNumber(reader);
  const compare = { kind: "compare" as const, fact: name.text, matchers, op, limit, position: name.position };
  return arithmetic ? { ...compare, arithmetic } : compare;
}

function readArithmetic(reader: Reader): Compare["arithmetic"] {
  for (const op of ["+", "-", "*", "/"] as const)
    if (reader.takes(op)) {
      const { position } = reader.peek();
      const by = readNumber(reader);
      if (op === "/" && by === 0) throw new Refusal("division by 0", position);
      return { op, by };
    }
  return undefined;
}

function readNumber(reader: Reader): number {
  const isNegative = reader.takes("-");
  const token = reader.next();
  if (token.kind !== "number") throw new Refusal("expected a number", token.position);
  return isNegative ? -token.value : token.value;
}

function readMatchers(reader: Reader): Matcher[] {
  const found: Matcher[] = [];
  if (!reader.takes("{")) throw new Refusal("expected {", reader.peek().position);
  while (!reader.takes("}")) {
    found.push(readMatcher(reader));
    const next = reader.peek();
    if (!reader.takes(",") && !(next.kind === "sign" && next.text === "}"))
      throw new Refusal("expected , or }", next.position);
  }
  return found;
}

function readMatcher(reader: Reader): Matcher {
  const name = reader.next();
  const label = name.kind === "word" ? name.text : name.kind === "text" ? name.value : "";
  if (label === "" || label.length > 200) throw new Refusal("expected the name of a label", name.position);
  const sign = reader.next();
  const op = matchOperators.find((text) => sign.kind === "sign" && sign.text === text);
  if (!op) throw new Refusal("expected = != =~ or !~", sign.position);
  const value = reader.next();
  if (value.kind !== "text") throw new Refusal("expected a text in quotes", value.position);
  try {
    return toMatcher({ name: label, op, value: value.value });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message, value.positions[error.position] ?? value.position);
  }
}
