import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startUnderTest } from "../test/support/slotkeeper.ts";
import { median, round } from "./lib/statistics.ts";
import type { ClientKind } from "./upgrade/clients.ts";
import { createTally, runProposer, runWorker, type SlotTimes } from "./upgrade/duty-load.ts";
import { runEventStream } from "./upgrade/event-streams.ts";

const slotDurationMs = 4_000;
const kinds: readonly ClientKind[] = ["undici", "node-agent", "raw"];
const streams = 50;

/**
 * The real launcher over three simulated nodes, upgraded again and again while clients of different kinds work: busy ones,
 * and ones whose connection is idle for about a slot, which is when an old gateway would close it. No client repeats anything.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const upgrades = isQuick ? 3 : 10;
  const nodes = await startNodes();
  const slotkeeper = await startUnderTest(
    "gateway",
    nodes.urls.map((url, index) => ({ name: `bn${index + 1}`, url })),
  );
  const url = new URL(slotkeeper.gatewayUrl);
  const stop = new AbortController();
  const tally = createTally();
  const took: number[] = [];
  try {
    await sleep(slotDurationMs);
    const work = (kind: ClientKind, number: number, pauseMs: () => number) =>
      runWorker(kind, number, url, nodes, pauseMs, tally, stop.signal);
    const busy = kinds.flatMap((kind, k) => range(8).map((n) => work(kind, 100 * k + n, () => 20 * Math.random())));
    const idle = kinds.flatMap((kind, k) =>
      range(12).map((n) => work(kind, 500 + 100 * k + n, () => slotDurationMs * (0.8 + 0.5 * Math.random()))),
    );
    const events = range(streams).map(() => runEventStream(url, tally, stop.signal));
    const proposer = runProposer(url, nodes, tally, stop.signal);
    await sleep(slotDurationMs);
    for (let number = 1; number <= upgrades; number++) {
      const before = tally.failed;
      took.push(await upgradeOnce(slotkeeper.configFile));
      console.log(
        `upgrade ${number}: ${round((took.at(-1) ?? 0) / 1_000, 1)} s, ${tally.requests} requests so far, ${tally.failed - before} failed`,
      );
      await sleep(slotDurationMs * Math.random());
    }
    stop.abort();
    const proposals = await proposer;
    await Promise.all([...busy, ...idle, ...events]);
    for (const [what, times] of tally.failures) console.log(`failed ${times} times: ${what}`);
    return {
      upgrades,
      failedRequests: tally.failed,
      requests: tally.requests,
      proposals,
      eventStreams: streams,
      upgradeSeconds: round(median(took) / 1_000, 1),
      slotSeconds: slotDurationMs / 1_000,
      clients: tally.byKind,
    };
  } finally {
    stop.abort();
    await slotkeeper.stop();
    nodes.stop();
  }
}

/** `slotkeeper gateway upgrade` to its end, in ms. */
function upgradeOnce(configFile: string): Promise<number> {
  const startedAt = performance.now();
  const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [main, "gateway", "upgrade", "--config", configFile], (error, stdout, stderr) =>
      error ? reject(new Error(`the upgrade failed: ${stdout}${stderr}`)) : resolve(performance.now() - startedAt),
    ),
  );
}

async function startNodes(): Promise<SlotTimes & { urls: string[]; stop: () => void }> {
  const args = [join(import.meta.dirname, "lib", "sim-nodes.ts"), "3", String(slotDurationMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk) => resolve(String(chunk)));
    child.once("exit", (code) => reject(new Error(`the simulated nodes ended (${code})`)));
  });
  return { ...(JSON.parse(line) as SlotTimes & { urls: string[] }), stop: () => child.disconnect() };
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
