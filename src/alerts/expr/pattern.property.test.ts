import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";
import { orProblem } from "./refusal.ts";

const atom = fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "\\d", "\\w", "\\.", "1", "ä", "😀");
const { source } = fc.letrec<{ source: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    atom,
    fc.tuple(atom, fc.constantFrom("*", "+", "?")).map((parts) => parts.join("")),
    tie("source").map((inner) => `(${inner})`),
    fc.tuple(tie("source"), fc.constantFrom("*", "+", "?")).map(([inner, sign]) => `(?:${inner})${sign}`),
    fc.tuple(tie("source"), tie("source")).map((options) => `(${options.join("|")})`),
  ),
  source: fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.join("")),
}));
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", ".", "ä", "😀", "_", "\n"), maxLength: 8 });

test("a pattern matches exactly what the platform's own regular expression matches", () => {
  fc.assert(
    fc.property(source, text, (pattern, subject) => {
      fc.pre(Array.from(pattern).length <= 200);
      expect(compilePattern(pattern).matches(subject)).toBe(new RegExp(`^(?:${pattern})$`, "su").test(subject));
    }),
    { numRuns: 3_000 },
  );
});

test("any text is a pattern or is refused within itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 250 }), (pattern) => {
      const read = orProblem(() => compilePattern(pattern));
      if (read.kind === "refused") expect(read.position).toBeLessThanOrEqual(pattern.length);
      else read.value.matches(pattern);
    }),
    { numRuns: 3_000 },
  );
});

test("patterns that hang a backtracking matcher do not hang this one", () => {
  const subject = "a".repeat(2_000);
  expect(compilePattern("(a+)+b").matches(subject)).toBe(false);
  expect(compilePattern("(a|a)*(a|a)*c").matches(subject)).toBe(false);
  expect(compilePattern("((a*)*)*").matches(subject)).toBe(true);
}, 2_000);

test.each([
  ["a{2}", "aa", "aaa"],
  ["^a.*$", "a\nb", "ba"],
  ["(?i)ABC", "abc", "ab"],
])("%s is understood as Prometheus understands it", (pattern, yes, no) => {
  const { matches } = compilePattern(pattern);
  expect([matches(yes), matches(no)]).toEqual([true, false]);
});

test.each([
  ["(a", 0],
  ["a)", 0],
  ["[", 0],
  ["x[b-a]", 2],
  ["*", 0],
  ["a**", 1],
  ["(?=a)", 0],
  ["\\1", 0],
  ["a\\", 0],
])("%s is refused at character %d", (pattern, position) => {
  const read = orProblem(() => compilePattern(pattern));
  expect(read.kind === "refused" ? read.position : read.kind).toBe(position);
});
