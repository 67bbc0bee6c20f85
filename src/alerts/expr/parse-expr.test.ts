import fc from "fast-check";
import { expect, it } from "vitest";
import { formatExpr } from "./format-expr.ts";
import { matchOperators, toMatcher } from "./matcher.ts";
import { parseExpr, parseMatchers } from "./parse-expr.ts";
import { pointAt } from "./refusal.ts";
import { comparisons, type Expr } from "./types.ts";

function textOf(source: string): string {
  const read = parseExpr(source);
  return read.kind === "read" ? formatExpr(read.value) : `${read.position}: ${read.message}`;
}

it("reads the design's own examples", () => {
  expect(textOf('underperforming_ratio{customer="*"} > 0.05')).toBe('underperforming_ratio{customer="*"} > 0.05');
  expect(textOf("finality_lag_epochs>3")).toBe("finality_lag_epochs > 3");
  expect(textOf("disk_days_to_full * 24 <= -1e2")).toBe("disk_days_to_full * 24 <= -100");
});

it("binds `and` and `unless` before `or`, left first", () => {
  expect(textOf("a > 1 or b > 1 and c > 1 unless d > 1")).toBe("a > 1 or ((b > 1 and c > 1) unless d > 1)");
  expect(textOf("(a > 1 or b > 1) and c > 1")).toBe("(a > 1 or b > 1) and c > 1");
});

it.each([
  ["", "0: expected the name of a fact"],
  ["a >", "3: expected a number"],
  ["a > 5 %", '6: the character "%" is not known here'],
  ["a > 5%", '4: "5%" is not a number: write it without a unit'],
  ["a > 5 b > 6", "6: expected and, or, unless, or the end"],
  ["a{x=1} > 5", "4: expected a text in quotes"],
  ['a{x="1" > 5', "8: expected , or }"],
  ['a{x="1} > 5', "4: this text is not closed"],
  ['a{x=~"ab{2000}"} > 5', "8: no pattern: invalid repeat count"],
  ['a{x=~"\\\\.("} > 5', "6: no pattern: missing closing )"],
  ["(a > 5", "6: expected ) for the ( that is open"],
  ["a / 0 > 5", "4: division by 0"],
  ["and > 5", "0: expected the name of a fact"],
  ["a = 5", "2: expected a comparison: > >= < <= == !="],
  ["a > 1e999", "4: 1e999 is too large a number"],
])("says where %j is wrong", (source, problem) => {
  expect(textOf(source)).toBe(problem);
});

it("bounds what it reads", () => {
  expect(textOf(`${"(".repeat(30)}a > 1${")".repeat(30)}`)).toContain("nested deeper than 20");
  expect(textOf(Array.from({ length: 31 }, () => "a > 1").join(" or "))).toContain("more than 30 comparisons");
  expect(textOf(`a > 1${" ".repeat(2_000)}`)).toContain("longer than 2000 characters");
});

it("points at the character", () => {
  const read = parseExpr("a > x");
  expect(read.kind === "refused" && pointAt("a > x", read)).toBe("expected a number, at character 5\n  a > x\n      ^");
});

it("reads matchers with and without braces, and names in quotes", () => {
  for (const source of ['{node="bn1", "my-label"!~"a|b"}', 'node="bn1","my-label"!~"a|b",']) {
    const read = parseMatchers(source);
    expect(read.kind === "read" && read.value.map(({ name, op, value }) => `${name}${op}${value}`)).toEqual([
      "node=bn1",
      "my-label!~a|b",
    ]);
  }
  expect(parseMatchers("{node}").kind).toBe("refused");
});

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value || 0);
const word = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((text) => !["and", "or", "unless"].includes(text));
const matcher = fc
  .record({
    name: fc.oneof(word, fc.string({ minLength: 1, maxLength: 5 })),
    op: fc.constantFrom(...matchOperators),
    value: fc.string({ unit: "binary", maxLength: 8 }),
  })
  .map((text) => toMatcher(text.op.endsWith("~") ? { ...text, value: "a.*|[^b]+" } : text));
const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.record(
      {
        kind: fc.constant("compare" as const),
        fact: word,
        matchers: fc.array(matcher, { maxLength: 3 }),
        arithmetic: fc.record({
          op: fc.constantFrom("+" as const, "-" as const, "*" as const, "/" as const),
          by: number.filter((value) => value !== 0),
        }),
        op: fc.constantFrom(...comparisons),
        limit: number,
        position: fc.constant(0),
      },
      { requiredKeys: ["kind", "fact", "matchers", "op", "limit", "position"] },
    ),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const, "unless" as const),
      left: tie("expr"),
      right: tie("expr"),
    }),
  ),
}));

/** Without places and compiled patterns, which are not part of what it means. */
function plain(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === "position" || key === "pattern" ? undefined : value)),
  );
}

it("reads back whatever it prints", () => {
  fc.assert(
    fc.property(expr, (tree) => {
      const read = parseExpr(formatExpr(tree));
      fc.pre(!(read.kind === "refused" && /longer|more than|deeper/.test(read.message)));
      expect(read.kind).toBe("read");
      if (read.kind === "read") expect(plain(read.value)).toEqual(plain(tree));
    }),
    { numRuns: 1_000 },
  );
});

it("never throws, and points into the text", () => {
  const piece = fc.constantFrom(
    "a",
    "{",
    "}",
    "(",
    ")",
    '"',
    "=~",
    ">",
    "5",
    " and ",
    ",",
    "\\",
    "[",
    "-",
    "unless",
    "é",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(piece).map((parts) => parts.join("")),
      ),
      (source) => {
        const read = parseExpr(source);
        if (read.kind === "read") return;
        expect(read.position).toBeGreaterThanOrEqual(0);
        expect(read.position).toBeLessThanOrEqual(source.length);
      },
    ),
    { numRuns: 3_000 },
  );
});
