import { expect, test } from "vitest";
import { alertClasses } from "./defaults/rule-row.ts";
import { defaultRules } from "./default-rules.ts";
import { isStar } from "./expr/matcher.ts";
import { comparesOf, type Compare } from "./expr/types.ts";
import { factCatalogue, factNamed } from "./fact-catalogue.ts";
import { evaluateRules } from "./state/evaluate-rules.ts";
import { suppressAlerts } from "./suppress/suppressions.ts";
import { defaultInhibitRules } from "./suppress/default-inhibit-rules.ts";
import { firingAlerts } from "./notice/firing-alerts.ts";

function compares(rule: (typeof defaultRules)[number]): Compare[] {
  return rule.condition.kind === "facts" ? comparesOf(rule.condition.expr) : [];
}

test("every shipped rule names facts and labels of the catalogue, and has severity, class, owner and playbook", () => {
  for (const rule of defaultRules) {
    expect(compares(rule).length, rule.alert).toBeGreaterThan(0);
    for (const { fact, matchers } of compares(rule))
      for (const { name } of matchers) expect(factNamed(fact)?.labels, `${rule.alert}: ${fact}`).toContain(name);
    expect(["critical", "warning", "info"]).toContain(rule.severity);
    expect(alertClasses).toContain(rule.labels["class"]);
    expect(rule.owner).not.toBe("");
    for (const text of [rule.annotations.summary, rule.annotations.description]) expect(text).toMatch(/\.$/);
    expect(rule.playbook.length, rule.alert).toBeGreaterThan(40);
  }
});

test("the texts fill in only labels that the alert can have", () => {
  for (const rule of defaultRules) {
    const stars = compares(rule).flatMap(({ matchers }) => matchers.filter(isStar).map(({ name }) => name));
    const possible = stars.length > 0 ? stars : compares(rule).flatMap(({ fact }) => factNamed(fact)?.labels ?? []);
    const texts = `${rule.annotations.summary} ${rule.annotations.description} ${rule.playbook}`;
    for (const [, label] of texts.matchAll(/\$labels\.(\w+)/g))
      expect(possible, `${rule.alert}: ${label}`).toContain(label);
  }
});

test("each of the eleven classes has a rule, and each fact of the catalogue is used or says what it is for", () => {
  const used = new Set(defaultRules.map(({ labels }) => labels["class"]));
  expect([...alertClasses].filter((each) => !used.has(each))).toEqual([]);
  const named = new Set(defaultRules.flatMap(compares).map(({ fact }) => fact));
  const unused = factCatalogue.map(({ name }) => name).filter((name) => !named.has(name));
  expect(unused).toEqual(["penalties_gwei_hour"]);
  expect(new Set(factCatalogue.map(({ name }) => name)).size).toBe(factCatalogue.length);
  for (const { meaning, staleAfterMs } of factCatalogue) {
    expect(meaning).toMatch(/\.$/);
    expect(staleAfterMs).toBeGreaterThan(0);
  }
});

/** Which shipped alerts fire when this alone is known, `for` waited out. */
function firing(name: string, value: number, labels: Record<string, string> = {}): string[] {
  let states = evaluateRules(defaultRules, { facts: [{ name, labels, value, at: 0 }] }, [], 0).states;
  const later = 2 * 3_600_000;
  states = evaluateRules(defaultRules, { facts: [{ name, labels, value, at: later }] }, states, later).states;
  return states
    .filter(({ kind }) => kind === "firing")
    .map(({ labels: all }) => `${all["alertname"]} ${all["severity"]}`)
    .sort();
}

test.each([
  ["underperforming_ratio", 0.051, { scope: "all", by: "count" }, ["Underperforming critical"]],
  ["underperforming_ratio", 0.05, { scope: "all", by: "count" }, []],
  ["underperforming_ratio", 0.06, { scope: "all", by: "stake" }, ["UnderperformingStake critical"]],
  [
    "underperforming_ratio",
    0.06,
    { scope: "customer", customer: "acme", by: "stake" },
    ["UnderperformingCustomer critical"],
  ],
  ["request_surge_multiple", 6, { group: "a", client: "vc1" }, ["RequestSurge warning"]],
  ["finality_lag_epochs", 3, {}, []],
  ["finality_lag_epochs", 4, {}, ["FinalityLag warning"]],
  ["finality_lag_epochs", 6, {}, ["FinalityLag critical", "FinalityLag warning"]],
  ["upstream_ready_count", 1, { group: "a" }, ["UpstreamsNotReady warning"]],
  ["upstream_ready_count", 0, { group: "a" }, ["UpstreamsNotReady critical", "UpstreamsNotReady warning"]],
  ["standby_not_ready_epochs", 2, { node: "b" }, ["StandbyNotReady warning"]],
  ["disk_days_to_full", 6.9, { host: "h", path: "/" }, ["DiskFills warning"]],
  ["disk_days_to_full", 1.9, { host: "h", path: "/" }, ["DiskFills critical", "DiskFills warning"]],
  ["own_validators_slashed", 1, {}, ["ValidatorSlashed critical"]],
  ["keys_doubled", 1, { place: "vc1" }, ["KeyDoubled critical"]],
  ["missed_proposals", 1, {}, ["ProposalMissed critical"]],
  ["duties_unjudged_epochs", 4, {}, ["SourceOfTruthLost critical"]],
  ["chain_split_branches", 2, {}, ["ChainSplit critical"]],
  ["wrong_fee_recipient", 1, { customer: "acme" }, ["WrongFeeRecipient critical"]],
])("%s = %d %j: %j", (name, value, labels, alerts) => {
  expect(firing(name, value, labels)).toEqual(alerts);
});

test("of two thresholds only the worse is told", () => {
  const facts = [{ name: "finality_lag_epochs", labels: {}, value: 9, at: 0 }];
  const { states } = evaluateRules(defaultRules, { facts }, [], 0);
  const none = { silences: [], incidents: [], mutes: [] };
  const alerts = firingAlerts(states, [], { ...none, inhibitRules: defaultInhibitRules }, 0);
  expect(alerts.map(({ severity, suppressedBy }) => [severity, suppressedBy.length]).sort()).toEqual([
    ["critical", 0],
    ["warning", 1],
  ]);
  expect(
    suppressAlerts(alerts, { ...none, inhibitRules: [] }, 0).every(({ suppressedBy }) => suppressedBy.length === 0),
  ).toBe(true);
});
