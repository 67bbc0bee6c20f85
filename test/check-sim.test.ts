import { Agent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCheck } from "../src/check/run-check.ts";
import type { CheckReport } from "../src/check/report.ts";
import { systemClock } from "../src/lib/clock.ts";
import { createSimChain } from "../src/sim/create-sim-chain.ts";
import type { SimFault } from "../src/sim/fault-kinds/types.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";

let dispatcher: Agent;
let nodes: SimBeaconNode[] = [];

beforeEach(async () => {
  dispatcher = new Agent({ connections: 8 });
  // Ten epochs old, so that finality has something to stand on.
  const genesisTimeMs = Math.floor((systemClock.now() - 80 * 12_000) / 1000) * 1000;
  const chain = createSimChain({ seed: "check", slotDurationMs: 12_000, genesisTimeMs, validators: 64 });
  nodes = await Promise.all(
    ["bn1", "bn2", "bn3"].map((name) => startSimBeaconNode({ chain, clock: systemClock, name })),
  );
});

afterEach(async () => {
  await dispatcher.destroy();
  await Promise.all(nodes.map((node) => node.stop()));
});

function check(timeoutMs = 4000): Promise<CheckReport> {
  const nothing = { references: [], validatorClients: [], hosts: [], logs: [], expectKeys: undefined };
  return runCheck({ nodes: nodes.map(({ url }) => url), ...nothing }, { clock: systemClock, dispatcher, timeoutMs });
}

function reasonsOf(report: CheckReport, node: SimBeaconNode | undefined): string[] {
  const name = new URL(node?.url ?? "").host;
  return report.answers
    .filter(({ subject, verdict }) => subject.name === name && verdict !== "good")
    .map(({ verdict, reason }) => `${verdict} ${reason}`);
}

test("three healthy simulated nodes are good", async () => {
  const report = await check();
  expect(report.answers.filter(({ verdict }) => verdict !== "good" && verdict !== "not-asked")).toEqual([]);
  expect(report.exitStatus).toBe(0);
});

test.each<[SimFault, string]>([
  [{ kind: "stale-head", behindSlots: 20 }, "bad head-stale"],
  [{ kind: "wrong-fork", depthSlots: 10 }, "bad fork-differs"],
  [{ kind: "split" }, "bad fork-differs"],
  [{ kind: "syncing" }, "bad syncing"],
  [{ kind: "optimistic" }, "bad optimistic"],
  [{ kind: "el-offline" }, "bad el-offline"],
  [{ kind: "hang" }, "bad node-hangs"],
  [{ kind: "status", status: 503 }, "bad node-starting"],
  [{ kind: "garbage", shape: "html" }, "bad node-not-beacon"],
  [{ kind: "garbage", shape: "endless" }, "bad node-not-beacon"],
  [{ kind: "garbage", shape: "wrong-types" }, "bad node-not-beacon"],
  [{ kind: "wrong-network" }, "bad network-wrong"],
  [{ kind: "clock-off" }, "bad clock-off"],
  [{ kind: "clock-off", offsetMs: -3_600_000 }, "bad clock-off"],
  [{ kind: "peers-zero" }, "bad peers-none"],
])("one node with %j is found, and the others stay good", async (fault, expected) => {
  nodes[2]?.setFault(fault);
  const report = await check(fault.kind === "hang" ? 800 : 4000);
  expect(reasonsOf(report, nodes[2])).toContain(expected);
  expect([...reasonsOf(report, nodes[0]), ...reasonsOf(report, nodes[1])]).toEqual([]);
  expect(report.exitStatus).toBe(2);
});

test("an old client that leaves flags out is judged by its head", async () => {
  nodes[2]?.setFault({ kind: "old-client" });
  expect(reasonsOf(await check(), nodes[2])).toEqual([]);
});

test("a node that is gone is down, and the rest is still compared", async () => {
  await nodes[2]?.stop();
  const report = await check();
  expect(reasonsOf(report, nodes[2])[0]).toBe("bad node-refused");
  expect(report.answers.filter(({ reason }) => reason === "fork-same")).toHaveLength(2);
});
