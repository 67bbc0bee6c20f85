import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { groupStatus, nodeStatus } from "../control/testing/samples.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { registerGatewayMetrics } from "./gateway-metrics.ts";

test.each([
  [[-3_100, 200, 4_000], 0.2],
  [[-3_100, -2_900, 200], -2.9],
  [[300, 9_000], 0.3],
  [[undefined, 1_500], 1.5],
])("nodes whose clocks differ from ours by %j ms speak for %s s: one alone does not", async (offsets, expected) => {
  const registry = new Registry();
  const nodes = offsets.map((clockOffsetMs, index) => ({
    ...nodeStatus(`bn${index}`),
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
  }));
  const stop = registerGatewayMetrics(registry, createFakeClock(), () => [groupStatus(nodes)]);
  expect(await registry.metrics()).toContain(`slotkeeper_gateway_clock_offset_seconds{group="default"} ${expected}\n`);
  stop();
});
