import { expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { ruleKeyOf } from "../rule.ts";
import { rulesSchema } from "../rule-config.ts";
import { evaluateRules, maxAlertsPerRule, type RuleInput } from "./evaluate-rules.ts";
import type { AlertState } from "./types.ts";

function ruleOf(extra: object, expr = "el_offline > 0") {
  const annotations = { summary: "{{ $labels.node }} at {{ $value }}.", description: "Why.", playbook: "What." };
  const rule = { alert: "Offline", expr, labels: { severity: "warning", owner: "ops" }, annotations, ...extra };
  return rulesSchema.parse({ groups: [{ name: "own", rules: [rule] }] });
}

/** Facts observed at the moment they are judged. */
function offline(values: Record<string, number>, at: number): Fact[] {
  return Object.entries(values).map(([node, value]) => ({ name: "el_offline", labels: { node }, value, at }));
}

/** Judges one instant after the other; what changed, as `at kind reason`. */
function run(rules: ReturnType<typeof ruleOf>, steps: readonly (readonly [at: number, input: RuleInput])[]) {
  let states: AlertState[] = [];
  const told: string[] = [];
  for (const [at, input] of steps) {
    const next = evaluateRules(rules, input, states, at);
    states = next.states;
    told.push(
      ...next.transitions.map(({ kind, reason, alert }) => `${at} ${alert.labels["node"] ?? ""} ${kind} ${reason}`),
    );
  }
  return { states, told };
}

const at = (seconds: number, values: Record<string, number>) =>
  [seconds * 1000, { facts: offline(values, seconds * 1000) }] as const;

it("fires after `for`, and resolves after `keep_firing_for`", () => {
  const { told, states } = run(ruleOf({ for: "30s", keep_firing_for: "20s" }), [
    at(0, { bn1: 1, bn2: 0 }),
    at(29, { bn1: 1 }),
    at(30, { bn1: 2 }),
    at(31, { bn1: 0 }),
    at(40, { bn1: 1 }),
    at(50, { bn1: 0 }),
    at(69, { bn1: 0 }),
    at(70, { bn1: 0 }),
  ]);
  expect(told).toEqual([
    "0 bn1 pending condition-began",
    "30000 bn1 firing condition-holds",
    "70000 bn1 resolved condition-ended",
  ]);
  expect(states).toEqual([]);
});

it("drops a pending alert whose condition passes, and counts `for` anew", () => {
  const { told, states } = run(ruleOf({ for: "30s" }), [
    at(0, { bn1: 1 }),
    at(20, { bn1: 0 }),
    at(25, { bn1: 1 }),
    at(54, { bn1: 1 }),
  ]);
  expect(told).toEqual([
    "0 bn1 pending condition-began",
    "20000 bn1 dropped condition-passed",
    "25000 bn1 pending condition-began",
  ]);
  expect(states).toMatchObject([{ kind: "pending", activeAt: 25_000 }]);
});

it("goes on firing, and says so, while its facts are missing or old; it never resolves by silence", () => {
  const { told, states } = run(ruleOf({}), [
    at(0, { bn1: 1 }),
    [200_000, { facts: offline({ bn1: 1 }, 0) }],
    [9e9, { facts: [] }],
    [9e9 + 1, { facts: offline({ bn1: 1 }, 9e9 + 1) }],
    [9e9 + 2, { facts: offline({ bn1: 0 }, 9e9 + 2) }],
  ]);
  expect(told).toEqual([
    "0 bn1 firing condition-holds",
    "200000 bn1 unknown facts-lost",
    "9000000001 bn1 known facts-back",
    "9000000002 bn1 resolved condition-ended",
  ]);
  expect(states).toEqual([]);
});

it("neither fires nor stays for ever while its facts are missing and it is only pending", () => {
  const { told } = run(ruleOf({ for: "30s" }), [
    at(0, { bn1: 1 }),
    [60_000, { facts: [] }],
    [3_659_999, { facts: [] }],
    [3_660_000, { facts: [] }],
  ]);
  expect(told).toEqual([
    "0 bn1 pending condition-began",
    "60000 bn1 unknown facts-lost",
    "3660000 bn1 dropped pending-facts-lost",
  ]);
});

it("tells alerts of one name apart by their labels, and fills in the texts", () => {
  const { states } = run(ruleOf({}), [at(0, { bn1: 1, bn2: 3 })]);
  expect(states.map(({ summary }) => summary).sort()).toEqual(["bn1 at 1.", "bn2 at 3."]);
  expect(new Set(states.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  expect(states[0]?.labels).toMatchObject({ alertname: "Offline", severity: "warning", owner: "ops" });
  // Stored for years: it may never change by itself.
  expect(states.find(({ summary }) => summary === "bn1 at 1.")?.fingerprint).toMatchInlineSnapshot(
    `"ef009b5594ff59a7"`,
  );
});

it("resolves alerts of rules that are gone and of what is no longer watched", () => {
  const rules = ruleOf({});
  const { states } = run(rules, [at(0, { bn1: 1, bn2: 1 })]);
  const gone = evaluateRules(rules, { facts: offline({ bn1: 1, bn2: 1 }, 1), removed: [{ node: "bn1" }] }, states, 1);
  expect(gone.transitions).toMatchObject([
    { kind: "resolved", reason: "subject-removed", alert: { labels: { node: "bn1" } } },
  ]);
  expect(gone.states).toHaveLength(1);
  // A set without labels is in every alert, and means nothing here.
  expect(evaluateRules(rules, { facts: [], removed: [{}] }, states, 1).states).toHaveLength(2);
  expect(evaluateRules([], { facts: [] }, states, 1).transitions.map(({ reason }) => reason)).toEqual([
    "rule-removed",
    "rule-removed",
  ]);
});

it("says of a rule that nothing is known of it", () => {
  expect(evaluateRules(ruleOf({}), { facts: [] }, [], 0).problems).toMatchObject([
    { alert: "Offline", reason: "no-facts" },
  ]);
  expect(evaluateRules(ruleOf({}), { facts: offline({ bn1: 0 }, 0) }, [], 0).problems).toEqual([]);
});

it("takes Prometheus at its word while its answer is fresh, and keeps alerts while it is silent", () => {
  const rules = ruleOf({}, "promql: up == 0");
  const rule = rules[0] ? ruleKeyOf(rules[0]) : "";
  const answer = (time: number, nodes: readonly string[]) => ({
    facts: [],
    answers: [{ rule, at: time, samples: nodes.map((node) => ({ labels: { node }, value: 0 })) }],
  });
  const { told } = run(rules, [
    [0, { facts: [] }],
    [1_000, answer(1_000, ["a"])],
    [300_000, answer(1_000, ["a"])],
    [302_000, answer(1_000, ["a"])],
    [303_000, answer(303_000, [])],
  ]);
  expect(told).toEqual([
    "1000 a firing condition-holds",
    "302000 a unknown facts-lost",
    "303000 a known facts-back",
    "303000 a resolved condition-ended",
  ]);
  expect(evaluateRules(rules, { facts: [] }, [], 0).problems).toMatchObject([{ reason: "no-answer" }]);
  const samples = [{ labels: { node: "a" }, value: Infinity }];
  const endless = evaluateRules(rules, { facts: [], answers: [{ rule, at: 0, samples }] }, [], 0);
  expect(endless.states).toMatchObject([{ value: null, summary: "a at unknown." }]);
});

it("follows a bounded number of alerts of one rule, those that it knows first", () => {
  const many = (from: number) =>
    Object.fromEntries(Array.from({ length: maxAlertsPerRule }, (_, i) => [`n${from + i}`, 1]));
  const rules = ruleOf({});
  const first = evaluateRules(rules, { facts: offline(many(0), 0) }, [], 0);
  const second = evaluateRules(rules, { facts: offline({ ...many(0), ...many(10_000) }, 1) }, first.states, 1);
  expect(second.states.map(({ fingerprint }) => fingerprint)).toEqual(
    first.states.map(({ fingerprint }) => fingerprint),
  );
  expect(second.problems).toMatchObject([{ reason: "too-many-alerts", count: maxAlertsPerRule }]);
});
