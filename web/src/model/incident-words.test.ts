import { expect, it } from "vitest";
import { incidentOf, rowOf } from "../../../test/browser/fake-api/build-incident.ts";
import {
  ageWords,
  breachWords,
  isHidden,
  isOver,
  isSettable,
  milestonesOf,
  severityTone,
  worstFirst,
} from "./incident-words.ts";

const now = Date.UTC(2026, 10, 4, 12);
const minute = 60_000;

it("steps come in the order of an incident's way, each with how long it took; what has not happened is absent", () => {
  const steps = milestonesOf({
    resolvedAt: now + 60 * minute,
    declaredAt: now,
    acknowledgedAt: now + 90_000,
    impactStartedAt: now - 12 * minute,
    detectedAt: now - minute,
  });
  expect(steps.map(({ name, took }) => `${name}: ${took}`)).toEqual([
    "Impact began: ",
    "Detected: 11 min after the impact began",
    "Declared: 1 min after detection",
    "Acknowledged: 1 min after declaration",
    "Resolved: 1 h 00 min after declaration",
  ]);
});

it("a step that is set before the one it is counted from claims no time", () => {
  expect(milestonesOf({ declaredAt: now, acknowledgedAt: now - 1 }).at(-1)?.took).toBe("");
});

it("open ones stand worst first, of one severity the newest first", () => {
  const row = (reference: string, severity: "sev1" | "sev2" | "sev4", declaredAt: number) =>
    rowOf(incidentOf(now, { reference, severity, declaredAt }));
  const rows = [row("old", "sev2", 1), row("small", "sev4", 9), row("new", "sev2", 2), row("worst", "sev1", 0)];
  expect(worstFirst(rows).map(({ reference }) => reference)).toEqual(["worst", "new", "old", "small"]);
});

it("what is over troubles nobody, and is not set by hand where it has a step of its own", () => {
  expect([severityTone("sev1", "triage"), severityTone("sev1", "resolved")]).toEqual(["bad", "aside"]);
  expect([isOver("declined"), isOver("monitoring")]).toEqual([true, false]);
  expect([isSettable("declined"), isSettable("resolved"), isSettable("merged")]).toEqual([true, false, false]);
});

it("only a reader who may not see more gets the title that hides", () => {
  expect(isHidden({ isEmbargoed: true, title: "Embargoed" })).toBe(true);
  expect(isHidden({ isEmbargoed: true, title: "Key in a crash report" })).toBe(false);
  expect(isHidden({ isEmbargoed: false, title: "Embargoed" })).toBe(false);
});

it("ages and breaches are told in words", () => {
  expect(ageWords({ status: "triage", declaredAt: now - 12 * minute, resolvedAt: undefined }, now)).toBe(
    "open for 12 min",
  );
  expect(ageWords({ status: "resolved", declaredAt: now - 185 * minute, resolvedAt: now }, now + 99)).toBe(
    "took 3 h 05 min",
  );
  expect(ageWords({ status: "merged", declaredAt: now, resolvedAt: undefined }, now)).toBe("over");
  expect(breachWords(undefined, now)).toBe("no breach at this rate");
  expect(breachWords(now + 190 * minute, now)).toBe("breaches in 3 h 10 min");
  expect(breachWords(now - 4 * minute, now)).toBe("broken for 4 min");
});
