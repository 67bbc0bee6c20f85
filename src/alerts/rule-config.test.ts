import { expect, it } from "vitest";
import { z } from "zod";
import { formatDuration, parseDuration } from "./duration.ts";
import { rulesSchema } from "./rule-config.ts";

const good = {
  alert: "FinalityLag",
  expr: "finality_lag_epochs > 3",
  labels: { severity: "warning", owner: "operations" },
  annotations: { summary: "Lag {{ $value }}.", description: "Why.", playbook: "What." },
};

/** Every problem as `path: message`. */
function problems(rule: object, group: object = {}): string[] {
  const read = rulesSchema.safeParse({ groups: [{ name: "own", rules: [rule], ...group }] });
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

it("reads a rule as Prometheus writes it", () => {
  const rule = { ...good, for: "1h30m", keep_firing_for: "5m", stale_after: "10m" };
  expect(rulesSchema.parse({ groups: [{ name: "own", interval: "30s", rules: [rule] }] })).toMatchObject([
    {
      alert: "FinalityLag",
      forMs: 5_400_000,
      keepFiringForMs: 300_000,
      staleAfterMs: 600_000,
      intervalMs: 30_000,
      severity: "warning",
      owner: "operations",
      playbook: "What.",
      condition: { kind: "facts" },
    },
  ]);
  expect(rulesSchema.parse({ groups: [{ name: "own", rules: [good] }] })).toMatchObject([
    { forMs: 0, keepFiringForMs: 0, intervalMs: 60_000 },
  ]);
});

it("keeps a query for Prometheus as text", () => {
  const [rule] = rulesSchema.parse({
    groups: [{ name: "own", rules: [{ ...good, expr: "promql: up{job='x'} == 0" }] }],
  });
  expect(rule?.condition).toEqual({ kind: "promql", query: "up{job='x'} == 0" });
  expect(problems({ ...good, expr: "promql: " })[0]).toContain("expected a PromQL query");
});

it.each([
  [{ ...good, alarm: 1 }, "groups.0.rules.0: Unrecognized key"],
  [{ ...good, annotations: { ...good.annotations, runbook: "x" } }, "groups.0.rules.0.annotations: Unrecognized key"],
  [{ ...good, for: "5 minutes" }, 'groups.0.rules.0.for: "5 minutes" is not a duration'],
  [{ ...good, labels: { owner: "x" } }, "groups.0.rules.0.labels: the label severity is missing"],
  [
    { ...good, labels: { severity: "page", owner: "x" } },
    "groups.0.rules.0.labels: the label severity is missing or unknown",
  ],
  [{ ...good, labels: { severity: "info" } }, "groups.0.rules.0.labels: the label owner is missing"],
  [{ ...good, expr: "finality_lag_epochs >" }, "groups.0.rules.0.expr: expected a number, at character 22"],
  [
    { ...good, expr: "finality_lag > 3" },
    "groups.0.rules.0.expr: no fact is called finality_lag; did you mean finality_lag_epochs?, at character 1",
  ],
  [
    { ...good, annotations: { ...good.annotations, summary: "{{ .Labels.x }}" } },
    'groups.0.rules.0.annotations.summary: "{{ .Labels.x }}" is not known',
  ],
])("refuses %j with its path", (rule, problem) => {
  expect(problems(rule)[0]).toContain(problem);
});

it("refuses two rules that nobody could tell apart, and an unknown key of a group", () => {
  expect(problems(good, { rules: [good, { ...good, expr: "finality_lag_epochs > 9" }] })[0]).toContain(
    "two rules are called FinalityLag",
  );
  expect(problems(good, { rules: [good, { ...good, labels: { ...good.labels, severity: "critical" } }] })).toEqual([]);
  expect(problems(good, { limit: 3 })[0]).toContain("groups.0: Unrecognized key");
});

it("reads and prints durations", () => {
  for (const text of ["0", "5m", "1h30m", "1d", "250ms", "2w3d"])
    expect(formatDuration(parseDuration(text) ?? -1)).toBe(text);
  for (const text of ["", "5", "m", "1m1h", "-5m", "1.5h"]) expect(parseDuration(text), text).toBeUndefined();
});

it("has a JSON Schema in which every key is described", () => {
  const schema = JSON.stringify(z.toJSONSchema(rulesSchema, { io: "input" }));
  for (const key of ["keep_firing_for", "stale_after", "runbook_url", "playbook"])
    expect(schema).toContain(`"${key}":`);
});
