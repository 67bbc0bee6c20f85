/**
 * Every kind of drill, on real beacon nodes with a real validator client, through the command line: run by hand with
 * `node scripts/drill-devnet.ts [KIND …]`. Needs the testbed (testbed/README.md). Prints one line for each drill.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot } from "../src/api/contract.ts";
import type { DrillProgress } from "../src/drills/types.ts";
import { faultKinds } from "../src/faults/registry.ts";
import { failedRequests, startShim } from "../test/support/shim.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";
import { startDevnet } from "../testbed/src/devnet.ts";

const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const seconds = 14;
/** So few that most windows of a minute hold no proposal of theirs. */
const kept = { firstIndex: 0, lastIndex: 2 };
const control = { firstIndex: 3, lastIndex: 63 };

const kinds = process.argv.length > 2 ? process.argv.slice(2) : faultKinds;
const devnet = await startDevnet({ genesisDelaySeconds: 15 });
try {
  const nodes = ["bn1", "bn2", "bn3"].map((name, priority) => ({ name, url: devnet.node(name).url, priority }));
  const slotkeeper = await startUnderTest("up", nodes, { allowFaults: true });
  const shim = await startShim(slotkeeper.gatewayUrl);
  try {
    devnet.startValidatorClient({ name: "kept", ...kept, beaconNodeUrls: [shim.url] });
    devnet.startValidatorClient({ name: "control", ...control, beaconNodeUrls: [devnet.node("bn3").url] });
    await sleep(Math.max(0, devnet.slotStartMs(devnet.slotsPerEpoch + 1) - Date.now()));
    for (const kind of kinds) {
      const node = await untilServing();
      const from = Date.now();
      const drill = await drillOn(slotkeeper.configFile, kind, node);
      const failed = failedRequests(shim.seen.filter(({ endedAt }) => endedAt >= from));
      console.log(`${kind} on ${node}: ${drill.phase}. ${drill.sentence}\n  ${JSON.stringify(drill.score)}`);
      for (const { reason, detail } of drill.findings) console.log(`  - ${reason}: ${detail}`);
      for (const each of failed) console.log(`  client saw ${each.route} ${each.status} ${each.problem}`);
    }
    await run(slotkeeper.configFile, "list").then(({ stdout }) => console.log(stdout));

    /** All nodes ready; resolves with the one that serves. */
    async function untilServing(): Promise<string> {
      for (;;) {
        const answer = await fetch(`${slotkeeper.pageUrl}/api/v1/snapshot`);
        const view = ((await answer.json()) as Snapshot).gateways[0]?.status?.groups[0]?.view;
        if (view?.kind === "serving" && view.ready.length === 3 && view.ready[0]) return view.ready[0];
        await sleep(250);
      }
    }
  } finally {
    await shim.stop();
    await slotkeeper.stop();
  }
} finally {
  await devnet.stop();
}

/** Tries again when the guards say that it fits. */
async function drillOn(config: string, kind: string, node: string): Promise<DrillProgress> {
  for (;;) {
    const { stdout, stderr } = await run(
      config,
      "run",
      kind,
      "--node",
      node,
      "--for",
      String(seconds),
      "--force",
      "--json",
    );
    if (stdout === "") throw new Error(stderr);
    const drill = JSON.parse(stdout) as DrillProgress;
    const tryAgainAt = Math.max(...drill.findings.map((finding) => finding.tryAgainAt ?? 0));
    if (drill.phase !== "refused" || tryAgainAt === 0) return drill;
    await sleep(Math.max(1_000, tryAgainAt - Date.now()));
  }
}

function run(config: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "drill", ...args, "--config", config], (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
}
