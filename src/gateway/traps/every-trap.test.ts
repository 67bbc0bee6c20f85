import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Eighteen ways in which failover in front of beacon nodes goes wrong; each has a test that is named after it. */
const traps = Array.from({ length: 18 }, (_, index) => index + 1);

test("each of the eighteen traps has a test named after it", () => {
  const source = join(import.meta.dirname, "..", "..");
  const texts = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(source, name), "utf8"));
  const named = new Set<number>();
  for (const text of texts)
    for (const [, number] of text.matchAll(/\b(?:test|it)(?:\.each\(\w+\))?\(\s*["`]trap ([0-9]+): /g))
      named.add(Number(number));
  expect(traps.filter((number) => !named.has(number))).toEqual([]);
});
