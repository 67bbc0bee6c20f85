import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createControlClient } from "../../src/control/client.ts";
import { startFaultProxy, type FaultProxy } from "../../src/faults/start-fault-proxy.ts";
import type { Fault } from "../../src/faults/types.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";

const slotDurationMs = 2_000;

/** The gateway as a process of its own over two simulated nodes; the faulty one is preferred, so that it serves. */
describe("a fault in front of the serving node", () => {
  let nodes: SimBeaconNode[];
  let proxy: FaultProxy;
  let slotkeeper: SlotkeeperUnderTest;

  beforeEach(async () => {
    const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 60 * slotDurationMs;
    const chain = createSimChain({ seed: "faults", slotDurationMs, genesisTimeMs, validators: 64 });
    nodes = await Promise.all(["bn1", "bn2"].map((name) => startSimBeaconNode({ chain, clock: systemClock, name })));
    proxy = await startFaultProxy({ targetUrl: nodes[0]?.url ?? "", clock: systemClock, random: Math.random });
    slotkeeper = await startUnderTest("gateway", [
      { name: "bn1", url: proxy.url, priority: 0 },
      { name: "bn2", url: nodes[1]?.url ?? "", priority: 1 },
    ]);
    await until(async () => (await bn1())?.health === "ready");
  });

  afterEach(async () => {
    await slotkeeper.stop();
    await proxy.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  it.each<[Fault, RegExp]>([
    [{ kind: "refuse" }, /down/],
    [{ kind: "reset" }, /down|suspect/],
    [{ kind: "hang" }, /down|suspect/],
    [{ kind: "status-5xx" }, /down|suspect/],
    [{ kind: "not-ready-206" }, /syncing/],
    [{ kind: "el-offline" }, /syncing|suspect|down/],
  ])(
    "%j costs no request: the other node serves, the reason is shown, and the node comes back",
    async (fault, health) => {
      const statuses = new Map<number, number>();
      let isAsking = true;
      const asking = (async () => {
        for (; isAsking; await sleep(50)) {
          const answer = await fetch(`${slotkeeper.gatewayUrl}/eth/v1/beacon/states/head/finality_checkpoints`);
          await answer.arrayBuffer();
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        }
      })();
      await proxy.set(fault);
      await until(async () => health.test((await bn1())?.health ?? ""));
      const seen = await bn1();
      expect(seen?.reason).not.toBe("in-sync");
      await until(async () => (await view())?.ready[0] === "bn2");
      await proxy.set(undefined);
      await until(async () => ["ready", "warming"].includes((await bn1())?.health ?? ""));
      isAsking = false;
      await asking;
      expect([...statuses.keys()]).toEqual([200]);
    },
  );

  const group = async () =>
    (await createControlClient({ kind: "socket", path: slotkeeper.controlSocket }, systemClock).status()).groups[0];
  const bn1 = async () => (await group())?.nodes.find(({ node }) => node === "bn1");
  const view = async () => (await group())?.view;
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(50)) if (await condition()) return;
  throw new Error("the condition did not come to hold within 30 s");
}
