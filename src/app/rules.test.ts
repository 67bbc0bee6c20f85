import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { registerGatewayMetrics as registerProxyMetrics } from "../gateway/metrics.ts";
import { createCounters } from "../gateway/counters.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { registerGatewayMetrics } from "./gateway-metrics.ts";
import { registerMonitorMetrics } from "./monitor-metrics.ts";
import { registerProcessMetrics } from "./process-metrics.ts";

interface Rule {
  alert: string;
  expr: string;
  labels?: { severity?: string };
  annotations?: { summary?: string; description?: string };
}

const file = new URL("../../deploy/prometheus/slotkeeper.rules.yml", import.meta.url);
const { groups } = parse(readFileSync(file, "utf8")) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Every metric that the two roles register. */
async function registeredNames(): Promise<ReadonlySet<string>> {
  const clock = createFakeClock();
  const health = { read: () => ({ pid: 1, rssBytes: 1, heapUsedBytes: 1, eventLoopLagMs: 1, cpuSeconds: 1 }) };
  const gateway = new Registry();
  const monitor = new Registry();
  registerProcessMetrics(gateway, "gateway", "0.0.0", health, () => ({ error: undefined, loadedAt: 0 }));
  registerGatewayMetrics(gateway, clock, () => []);
  registerProxyMetrics(gateway, {
    ...{ group: "g", counters: createCounters(), links: () => [], openSockets: () => 0 },
    ...{ replayAgeS: () => 0, replayItems: () => [] },
  });
  registerProcessMetrics(monitor, "monitor", "0.0.0", health, () => ({ error: undefined, loadedAt: 0 }));
  registerMonitorMetrics(monitor, { observed: () => [], level: () => "fine", streamClients: () => 0, now: clock.now });
  const texts = await Promise.all([gateway.metrics(), monitor.metrics()]);
  return new Set(
    texts
      .join("\n")
      .match(/^# TYPE (\S+)/gm)
      ?.map((line) => line.slice("# TYPE ".length)),
  );
}

test("every metric that a rule names is one that Slotkeeper exports", async () => {
  const known = await registeredNames();
  const used = rules.flatMap(({ expr }) => expr.match(/slotkeeper_\w+/g) ?? []);
  expect(used.length).toBeGreaterThanOrEqual(rules.length);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test("every rule has a severity, says what happened and what to do, and has a name of its own", () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { labels, annotations } of rules) {
    expect(["critical", "warning"]).toContain(labels?.severity);
    expect(annotations?.summary).toMatch(/\.$/);
    expect(annotations?.description).toMatch(/\.$/);
  }
});
