import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createFakeClock } from "../lib/fake-clock.ts";
import { metricCatalogue } from "./metric-catalogue.ts";

interface Rule {
  alert: string;
  expr: string;
  labels?: { severity?: string };
  annotations?: { summary?: string; description?: string };
}

const file = new URL("../../deploy/prometheus/slotkeeper.rules.yml", import.meta.url);
const { groups } = parse(readFileSync(file, "utf8")) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

test("every metric that a rule names is one that Slotkeeper exports", async () => {
  const series = ({ name, type }: { name: string; type: string }) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  const known = new Set((await metricCatalogue(createFakeClock())).flatMap(series));
  const used = rules.flatMap(({ expr }) => expr.match(/slotkeeper_\w+/g) ?? []);
  expect(used.length).toBeGreaterThanOrEqual(rules.length);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test("every rule has a severity, says what happened and what to do, and has a name of its own", () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    // The one that always fires: its silence is the alarm.
    expect(alert === "SlotkeeperWatchdog" ? ["none"] : ["critical", "warning"]).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\.$/);
    expect(annotations?.description).toMatch(/\.$/);
  }
});
