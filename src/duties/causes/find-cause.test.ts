import { expect, test } from "vitest";
import { findCause } from "./find-cause.ts";
import { causeReasons } from "./reasons.ts";
import { causeStories } from "./testing/stories.ts";

test.each(causeStories)("$name: $code, $confidence", ({ lost, record, code, confidence }) => {
  const finding = findCause(lost, record);
  expect({ code: finding.code, confidence: finding.confidence }).toEqual({ code, confidence });
  if (code !== "unknown") expect(finding.evidence.length).toBeGreaterThan(0);
  for (const { text } of finding.evidence) expect(text).not.toMatch(/undefined|NaN/);
});

test("every cause has its story", () => {
  const told = new Set<string>(causeStories.map(({ code }) => code));
  expect(Object.keys(causeReasons).filter((code) => !told.has(code))).toEqual([]);
});
