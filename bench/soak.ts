import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaultProxy } from "../src/faults/start-fault-proxy.ts";
import { faultKinds } from "../src/faults/registry.ts";
import type { Fault } from "../src/faults/types.ts";
import { systemClock } from "../src/lib/clock.ts";
import { startUnderTest } from "../test/support/slotkeeper.ts";
import { processTree } from "./lib/process-usage.ts";
import { createHeapProbe, openFds, type HeapProbe, type HeapReading } from "./lib/read-heap.ts";
import { round } from "./lib/statistics.ts";
import type { BenchmarkOptions } from "./registry.ts";
import { runMix, type MixTally, type Times } from "./soak/client-mix.ts";
import { storm } from "./soak/storms.ts";

const slotDurationMs = 2_000;
const streams = 1_000;
const mega = 1_000_000;

/**
 * The real gateway over three simulated nodes, one of them at a time behind another fault, the client mix all along, and in
 * each cycle a thousand event streams that come at once and go. Memory is read after garbage collection, between storms.
 */
export async function run({ isQuick, flags }: BenchmarkOptions): Promise<Record<string, unknown>> {
  const minutes = Number(flags["minutes"] ?? (isQuick ? 0.5 : 30));
  const [cycleMs, quietMs] = isQuick ? [4_000, 500] : [20_000, 2_000];
  const nodes = await startNodes();
  const probe = createHeapProbe();
  const proxies = await Promise.all(
    nodes.urls.map((targetUrl) => startFaultProxy({ targetUrl, clock: systemClock, random: Math.random })),
  );
  const slotkeeper = await startProbed(
    probe,
    proxies.map(({ url }, index) => ({ name: `bn${index + 1}`, url })),
  );
  const pids = processTree(slotkeeper.pid);
  const nodePorts = new Set(proxies.map(({ url }) => Number(new URL(url).port)));
  const settledFds = () => (isQuick ? fdsAfter(pids, 2_000, nodePorts) : fdsAfter(pids, keptAliveMs, new Set()));
  const tally: MixTally = { requests: 0, failedDuties: 0, failedOthers: 0, failures: new Map() };
  const stop = new AbortController();
  try {
    await warmUp(slotkeeper.gatewayUrl, nodes, tally);
    const fdsBefore = await settledFds();
    const mix = runMix(slotkeeper.gatewayUrl, nodes, 100, tally, stop.signal);
    const readings: HeapReading[] = [];
    const storms = { asked: 0, served: 0, closed: 0 };
    const endAt = performance.now() + minutes * 60_000;
    for (let cycle = 0; performance.now() < endAt; cycle++) {
      const kind = faultKinds[cycle % faultKinds.length] as Fault["kind"];
      const proxy = proxies[cycle % proxies.length];
      await proxy?.set({ kind });
      const one = await storm(slotkeeper.gatewayUrl, streams, cycleMs - quietMs);
      await proxy?.set(undefined);
      for (const key of ["asked", "served", "closed"] as const) storms[key] += one[key];
      await sleep(quietMs);
      const reading = await probe.read(pids);
      readings.push(reading);
      console.log(
        `cycle ${cycle + 1} (${kind}): ${one.served} of ${one.asked} streams served, ${one.closed} closed; heap ${round(reading.heapUsed / mega, 1)} MB, buffers ${round(reading.external / mega, 1)} MB, ${round(reading.rss / mega, 0)} MB resident`,
      );
    }
    stop.abort();
    await mix;
    const fdsNow = await settledFds();
    for (const [what, times] of tally.failures) console.log(`failed ${times} times: ${what}`);
    const held = readings.map(({ heapUsed, external }) => heapUsed + external);
    return {
      minutes,
      heapGrowth: round(growth(held), 4),
      leakedFds: fdsNow - fdsBefore,
      heapMb: round((held.at(-1) ?? 0) / mega, 1),
      cycles: readings.length,
      requests: tally.requests,
      failedDuties: tally.failedDuties,
      failedOthers: tally.failedOthers,
      streamsAsked: storms.asked,
      streamsServed: storms.served,
      streamsClosed: storms.closed,
    };
  } catch (error) {
    console.log(slotkeeper.log().split("\n").slice(-40).join("\n"));
    throw error;
  } finally {
    stop.abort();
    await slotkeeper.stop();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    nodes.stop();
    probe.close();
  }
}

/** Mean of the last third over the mean of the middle third. */
function growth(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  const mean = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  return mean(values.slice(-third)) / mean(values.slice(-2 * third, -third));
}

/** Everything has run once: code is compiled, caches are there, and files that stay open are open. */
async function warmUp(url: string, times: Times, tally: MixTally): Promise<void> {
  await runMix(url, times, 100, { ...tally }, AbortSignal.timeout(3_000));
  await storm(url, streams, 1_000);
}

/** Longer than the simulated nodes keep an idle connection, so that all that were needed at the peak are closed. */
const keptAliveMs = 80_000;

/**
 * Descriptors when nobody has asked anything for a while. Probes come and go, so the least of some looks counts. A quick
 * run does not wait until idle connections to nodes are closed, and leaves those out.
 */
async function fdsAfter(pids: readonly number[], quietMs: number, exceptPorts: ReadonlySet<number>): Promise<number> {
  await sleep(quietMs);
  let least = Infinity;
  for (let look = 0; look < 20; look++, await sleep(100))
    least = Math.min(
      least,
      pids.reduce((sum, pid) => sum + openFds(pid, exceptPorts), 0),
    );
  return least;
}

async function startProbed(probe: HeapProbe, nodes: readonly { name: string; url: string }[]) {
  // What is started inherits it; this process has read its own options already.
  Object.assign(process.env, probe.env);
  try {
    return await startUnderTest("gateway", nodes);
  } finally {
    for (const name of Object.keys(probe.env)) Reflect.deleteProperty(process.env, name);
  }
}

async function startNodes(): Promise<Times & { urls: string[]; stop: () => void }> {
  const args = [join(import.meta.dirname, "lib", "sim-nodes.ts"), "3", String(slotDurationMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk) => resolve(String(chunk)));
    child.once("exit", (code) => reject(new Error(`the simulated nodes ended (${code})`)));
  });
  return { ...(JSON.parse(line) as Times & { urls: string[] }), stop: () => child.disconnect() };
}
