import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type {
  DutiesNow,
  EpochsPage,
  ExceptionsPage,
  FleetPage,
  ValidatorDuties,
  ValidatorsPage,
} from "../../src/api/contract-duties.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { SimChainOptions } from "../../src/sim/chain/types.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startMonitor, type MonitorUnderTest } from "../support/monitor.ts";

/** The whole monitor over a simulated node: what it stores while it is killed, and while its validators change. */
describe("the monitor watches duties", () => {
  let node: SimBeaconNode | undefined;
  let monitor: MonitorUnderTest | undefined;

  afterEach(async () => {
    await monitor?.stop();
    await node?.stop();
    monitor = undefined;
    node = undefined;
  });

  async function startChain(
    options: Pick<SimChainOptions, "validators" | "slotDurationMs"> & Partial<SimChainOptions>,
  ) {
    const genesisTimeMs = Math.floor(systemClock.now() / 1000) * 1000 - 40 * options.slotDurationMs;
    const chain = createSimChain({ seed: "duties", genesisTimeMs, ...options });
    node = await startSimBeaconNode({ chain, clock: systemClock, name: "bn1" });
    return { chain, nodes: [{ name: "bn1", url: node.url }] };
  }

  async function until(what: string, isSo: () => Promise<boolean>, timeoutMs = 90_000): Promise<void> {
    for (const end = performance.now() + timeoutMs; performance.now() < end; await sleep(200))
      if (await isSo().catch(() => false)) return;
    throw new Error(`not within ${timeoutMs} ms: ${what}\n${monitor?.log().slice(-2_000)}`);
  }

  it("killed at any moment, it loses nothing and counts nothing twice", async () => {
    const lazy = 5;
    const { nodes } = await startChain({
      ...{ validators: 64, slotDurationMs: 500 },
      duties: { attestation: (index) => (index === lazy ? { attests: false } : undefined) },
    });
    const rows = Array.from({ length: 16 }, (_, index) => `${index},${index % 2 === 0 ? "a" : "b"}`);
    monitor = await startMonitor(nodes, ["index,customer", ...rows, ""].join("\n"));
    const now = () => monitor!.ask<DutiesNow>("duties");
    await until("first epoch judged", async () => ((await now()).provisionalEpoch ?? 0) >= 3);
    for (const pauseMs of [0, 130, 410, 780, 1_370, 2_050, 2_900]) {
      await sleep(pauseMs);
      await monitor.kill();
      await monitor.start();
    }
    const reached = ((await now()).currentEpoch ?? 0) + 2;
    await until(`epoch ${reached} final`, async () => ((await now()).finalEpoch ?? 0) >= reached);

    const { epochs, gaps } = await monitor.ask<EpochsPage>(`duties/epochs?to=${reached}`);
    expect(gaps).toEqual([]);
    const first = epochs[0]?.epoch ?? 0;
    expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, at) => first + at));
    expect(epochs.every(({ state }) => state === "final")).toBe(true);
    expect(epochs.map(({ watched }) => [watched.assigned, watched.included])).toEqual(epochs.map(() => [16, 15]));
    const { items } = await monitor.ask<ExceptionsPage>(`duties/exceptions?from=${first}&to=${reached}&limit=500`);
    expect(items.map((item) => [item.epoch, item.validatorIndex, item.outcome])).toEqual(
      epochs.map(({ epoch }) => [epoch, lazy, "missed"]).reverse(),
    );
    const { items: duties } = await monitor.ask<ValidatorDuties>(
      `validators/${lazy}/duties?from=${first}&to=${reached}`,
    );
    expect(duties.every(({ exceptions }) => exceptions.length === 1)).toBe(true);
  });

  it("10,000 keys are added, relabelled and removed while it runs", async () => {
    const { nodes } = await startChain({ validators: 12_000, slotDurationMs: 2_000 });
    const list = (customer: string, count: number) =>
      ["index,customer", ...Array.from({ length: 100 }, (_, index) => `${index},ours`)]
        .concat(
          Array.from({ length: count }, (_, at) => `${1_000 + at},${customer}`),
          "",
        )
        .join("\n");
    monitor = await startMonitor(nodes, list("", 0));
    const file = join(monitor.folder, "validators.csv");
    const write = (text: string) => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    const fleet = () => monitor!.ask<FleetPage>("fleet");
    const newest = async () => (await monitor!.ask<EpochsPage>("duties/epochs")).epochs.at(-1);
    const carriers = async (customer: string) =>
      (await monitor!.ask<ValidatorsPage>(`validators?key=customer&value=${customer}&limit=1`)).total;
    await until("judged with 100", async () => (await newest())?.watched.validators === 100);

    write(list("theirs", 10_000));
    await until("10,100 in the inventory", async () => (await fleet()).validators === 10_100);
    await until("judged with 10,100", async () => (await newest())?.watched.validators === 10_100);
    expect((await newest())?.watched).toMatchObject({ assigned: 10_100, included: 10_100 });
    write(list("others", 10_000));
    await until("relabelled", async () => (await carriers("others")) === 10_000);
    expect(await carriers("theirs")).toBe(0);
    write(list("", 0));
    await until("100 in the inventory", async () => (await fleet()).validators === 100);
    await until("judged with 100 again", async () => (await newest())?.watched.validators === 100);
    expect((await monitor.ask<EpochsPage>("duties/epochs")).gaps).toEqual([]);
    expect((await monitor.ask<DutiesNow>("duties")).state).toBe("following");
  });
});
