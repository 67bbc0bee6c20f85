import { expect, test } from "vitest";
import { momentOf, timesOf } from "./instants.ts";
import { isOpen, statusCategory } from "./status.ts";
import { incidentStatuses } from "./types.ts";

test("times of an incident; what has not happened has none", () => {
  const instants = { impactStartedAt: 100, detectedAt: 160, declaredAt: 200, acknowledgedAt: 230, assessedAt: 203 };
  expect(timesOf({ instants: { ...instants, isolatedAt: 300, mitigatedAt: 400, resolvedAt: 900 } })).toEqual({
    detectMs: 60,
    declareMs: 40,
    acknowledgeMs: 30,
    assessMs: 3,
    isolateMs: 100,
    mitigateMs: 200,
    resolveMs: 700,
  });
  const none = { detectMs: undefined, declareMs: undefined, acknowledgeMs: undefined, assessMs: undefined };
  const later = { isolateMs: undefined, mitigateMs: undefined, resolveMs: undefined };
  expect(timesOf({ instants: { declaredAt: 200 } })).toEqual({ ...none, ...later });
  expect(timesOf({ instants: { impactStartedAt: 0, detectedAt: 0, declaredAt: 0 } })).toMatchObject({ detectMs: 0 });
});

test("the moment is now, or the latest that is known", () => {
  expect(momentOf({ instants: { declaredAt: 200, acknowledgedAt: 300 } }, 250)).toBe(300);
  expect(momentOf({ instants: { declaredAt: 200 } }, 250)).toBe(250);
  expect(momentOf({ instants: {} }, 250)).toBe(250);
});

test("every status is of one category, and open or over", () => {
  expect(incidentStatuses.map(statusCategory)).toEqual([
    "triage",
    "live",
    "live",
    "live",
    "live",
    "over",
    "over",
    "over",
  ]);
  expect(incidentStatuses.map((status) => isOpen({ status }))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
