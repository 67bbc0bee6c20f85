import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultExpositionLimits, parseExposition } from "./exposition.ts";

const read = (text: string) =>
  parseExposition(text).samples.map(({ name, labels, value }) => [name, { ...labels }, value]);

test.each<[string, string, unknown]>([
  ["a plain sample", "up 1", [["up", {}, 1]]],
  ["labels, a timestamp and CRLF", 'a{b="c",d="e"} 2.5e3 1700000000000\r\n', [["a", { b: "c", d: "e" }, 2500]]],
  ["a trailing comma and spaces", 'a { b = "c" , } 1', [["a", { b: "c" }, 1]]],
  ["escapes", String.raw`a{b="x\"y\\z\nw"} 1`, [["a", { b: 'x"y\\z\nw' }, 1]]],
  ["a brace and a hash inside a label", 'a{b="}#{"} 1', [["a", { b: "}#{" }, 1]]],
  [
    "infinities",
    "a +Inf\nb -Inf\nc NaN",
    [
      ["a", {}, Infinity],
      ["b", {}, -Infinity],
      ["c", {}, NaN],
    ],
  ],
  ["comments and blank lines", "# HELP a b\n# TYPE a gauge\n\na 1\n# EOF", [["a", {}, 1]]],
  ["an OpenMetrics exemplar", 'a_total 17 # {trace_id="x"} 0.5 1700000000', [["a_total", {}, 17]]],
  ["a label that names a prototype", 'a{__proto__="x"} 1', [["a", JSON.parse('{"__proto__":"x"}'), 1]]],
])("reads %s", (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each(["<html>", "a", "a one", 'a{b="c} 1', 'a{b="c" d="e"} 1', "{} 1", "1a 2", "a%b 1", 'a{b="c"}', "a 0x10"])(
  "counts %j as malformed",
  (text) => {
    const page = parseExposition(text);
    expect(page.samples).toEqual([]);
    expect(page.malformedLines).toBe(1);
  },
);

test("keeps only the names that are wanted", () => {
  const page = parseExposition("a 1\nb 2\na 3", { ...defaultExpositionLimits, names: new Set(["a"]) });
  expect(page.samples.map(({ value }) => value)).toEqual([1, 3]);
});

test("says when a bound cut something off", () => {
  expect(parseExposition("a 1\nb 2", { ...defaultExpositionLimits, maxSamples: 1 })).toMatchObject({
    isTruncated: true,
  });
  expect(
    parseExposition(`a{b="${"x".repeat(100)}"} 1`, { ...defaultExpositionLimits, maxLineLength: 50 }).isTruncated,
  ).toBe(true);
  const labels = Array.from({ length: 100 }, (_, at) => `l${at}="x"`).join(",");
  expect(parseExposition(`a{${labels}} 1`).malformedLines).toBe(1);
});

test("never throws, and keeps its bounds, whatever the text", () => {
  const piece = fc.constantFrom("a", "{", "}", '"', "\\", ",", "=", " ", "1", "e", "\n", "#", "\u0000", "é");
  const text = fc.oneof(fc.string(), fc.string({ unit: piece, maxLength: 400 }));
  fc.assert(
    fc.property(text, (input) => {
      const page = parseExposition(input, { ...defaultExpositionLimits, maxSamples: 5 });
      expect(page.samples.length).toBeLessThanOrEqual(5);
      for (const { value } of page.samples) expect(typeof value).toBe("number");
    }),
    { numRuns: 500 },
  );
});

test("reads back any labels and value that were written", () => {
  const value = fc.double({ noNaN: true });
  const label = fc.string({ maxLength: 30 });
  fc.assert(
    fc.property(label, value, (text, number) => {
      const escaped = text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
      const written = Math.abs(number) === Infinity ? (number > 0 ? "+Inf" : "-Inf") : String(number);
      const sample = parseExposition(`m{l="${escaped}"} ${written}`).samples[0];
      expect(sample?.labels["l"]).toBe(text);
      // Not toBe: the text of -0 is 0.
      expect(sample?.value === number).toBe(true);
    }),
  );
});
