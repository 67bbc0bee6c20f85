import { setTimeout as sleep } from "node:timers/promises";
import type { DutiesNow, EpochsPage } from "../src/api/contract-duties.ts";
import { systemClock } from "../src/lib/clock.ts";
import { withoutFinality } from "../src/sim/chain/chain-scripts.ts";
import { createSimChain } from "../src/sim/create-sim-chain.ts";
import { startSimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";
import { startMonitor } from "../test/support/monitor.ts";

const slotDurationMs = 250;
const slotsPerEpoch = 8;
/** Finalizing epochs before, so that there is something to lose. */
const epochsBefore = 8;
/** An epoch must be judged within this many slots after the next one has ended. */
const onTimeSlots = 4;

/**
 * A chain on which 60 % attest, too few for finality, for 100 epochs, then everybody again. The real monitor follows it with
 * short slots: are its numbers on time, are they right, do they say `provisional`, and does its memory stay bounded?
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const epochs = isQuick ? 20 : 100;
  const genesisTimeMs = Math.floor(systemClock.now() / 1000) * 1000 - epochsBefore * slotsPerEpoch * slotDurationMs;
  const from = epochsBefore + 2;
  const chain = createSimChain({
    ...{ seed: "non-finality", slotDurationMs, genesisTimeMs, validators: 512 },
    ...withoutFinality(from, epochs, 0.6),
  });
  const node = await startSimBeaconNode({ chain, clock: systemClock, name: "bn1" });
  const rows = Array.from({ length: 256 }, (_, index) => `${index},${index % 2 === 0 ? "a" : "b"}`);
  const monitor = await startMonitor([{ name: "bn1", url: node.url }], ["index,customer", ...rows, ""].join("\n"));
  try {
    const startOf = (epoch: number) => genesisTimeMs + epoch * slotsPerEpoch * slotDurationMs;
    const lags: number[] = [];
    const rss: number[] = [];
    let seen = (await monitor.ask<DutiesNow>("duties")).provisionalEpoch ?? from - 1;
    let wronglyFinal = 0;
    while (seen < from + epochs - 1) {
      const { provisionalEpoch = -1, finalEpoch = -1 } = await monitor.ask<DutiesNow>("duties");
      if (finalEpoch >= from) wronglyFinal++;
      for (let epoch = seen + 1; epoch <= provisionalEpoch; epoch++) {
        if (epoch >= from) lags.push((systemClock.now() - startOf(epoch + 2)) / slotDurationMs);
        rss.push(await residentMb(monitor.url));
        if (epoch % 10 === 0)
          console.log(`epoch ${epoch}: judged ${lags.at(-1)?.toFixed(1) ?? "?"} slots after its end, ${rss.at(-1)} MB`);
      }
      seen = Math.max(seen, provisionalEpoch);
      await sleep(slotDurationMs / 5);
    }
    const { epochs: stored, gaps } = await monitor.ask<EpochsPage>(
      `duties/epochs?from=${from}&to=${from + epochs - 1}`,
    );
    const labelled = stored.filter(({ state }) => state === "provisional").length;
    const included = stored.reduce((sum, { network }) => sum + network.included, 0);
    const assigned = stored.reduce((sum, { network }) => sum + network.assigned, 0);
    lags.sort((a, b) => a - b);
    const third = Math.max(1, Math.floor(rss.length / 3));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    console.log("everybody attests again: waiting for finality");
    await waitForFinal(monitor.ask, from + epochs - 1);
    return {
      epochs: stored.length,
      late: lags.filter((lag) => lag > onTimeSlots).length,
      worstLagSlots: Number(lags.at(-1)?.toFixed(2)),
      ...{ labelled, wronglyFinal, gaps: gaps.length },
      participation: Number((included / assigned).toFixed(4)),
      rssGrowth: Number((mean(rss.slice(-third)) / mean(rss.slice(third, 2 * third))).toFixed(3)),
      rssMb: Math.max(...rss),
      finalAfterwards: true,
    };
  } finally {
    await monitor.stop();
    await node.stop();
  }
}

async function residentMb(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = /^slotkeeper_resident_bytes\S* (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error("The monitor's metrics do not tell its memory.");
  return Math.round(Number(bytes) / 1e6);
}

async function waitForFinal(ask: <T>(path: string) => Promise<T>, epoch: number): Promise<void> {
  for (let turn = 0; turn < 600; turn++, await sleep(100))
    if (((await ask<DutiesNow>("duties")).finalEpoch ?? -1) >= epoch) return;
  throw new Error(`epoch ${epoch} did not become final within a minute of everybody attesting again`);
}
