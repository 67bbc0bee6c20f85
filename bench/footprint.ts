import { setTimeout as sleep } from "node:timers/promises";
import { startDevnet } from "../testbed/src/devnet.ts";
import { cpuSeconds, processTree, pssMb } from "./lib/process-usage.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";
import { round } from "./lib/statistics.ts";

/** `slotkeeper up` on three real nodes with a real validator client of 64 keys: memory of the whole tree, share of a core. */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const minutes = isQuick ? 0.5 : 10;
  const devnet = await startDevnet({ genesisDelaySeconds: 10 });
  try {
    const slotkeeper = await startUnderTest("up", devnet.nodes);
    try {
      devnet.startValidatorClient({
        name: "vc",
        firstIndex: 0,
        lastIndex: 63,
        beaconNodeUrls: [slotkeeper.gatewayUrl],
      });
      await sleep(20_000);
      const tree = processTree(slotkeeper.pid);
      const cpuBefore = tree.map(cpuSeconds);
      const startedAt = performance.now();
      let pssMax = 0;
      for (let minute = 0; minute < Math.ceil(minutes); minute++) {
        await sleep(Math.min(1, minutes) * 60_000);
        const pss = tree.reduce((sum, pid) => sum + pssMb(pid), 0);
        pssMax = Math.max(pssMax, pss);
        console.log(`after ${round((performance.now() - startedAt) / 60_000, 1)} min: ${round(pss, 0)} MB`);
      }
      const elapsedS = (performance.now() - startedAt) / 1000;
      const cpuPercent = tree.map((pid, index) => ((cpuSeconds(pid) - (cpuBefore[index] ?? 0)) / elapsedS) * 100);
      return {
        pssMb: round(pssMax, 1),
        cpuPercent: round(cpuPercent.reduce((sum, share) => sum + share, 0)),
        minutes: round(elapsedS / 60, 1),
        processes: tree.length,
        cpuPercentEach: cpuPercent.map((share) => round(share)),
        pssMbEach: tree.map((pid) => round(pssMb(pid), 1)),
      };
    } finally {
      await slotkeeper.stop();
    }
  } finally {
    await devnet.stop();
  }
}
