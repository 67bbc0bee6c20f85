import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { firstEpoch, missShare, slotsPerEpoch, type WatcherReport } from "./duties/scale.ts";
import { median, round } from "./lib/statistics.ts";

/** Blocks and who had which duty: what the network costs, whoever is watched. */
const coreCalls = ["head", "block", "rootsAt", "finality", "committees", "proposers", "syncCommittee"];
/** Epochs of the chain before the watcher starts: finality needs some. */
const epochsBefore = 6;

/**
 * A network of a million validators in a simulated node of its own process, followed slot by slot by source, judge and store in
 * another one, with no time between slots. Whole epochs are measured after the start has caught up; a second watcher with a tenth
 * of the watched tells what of it is the network's and what the watched ones'. CPU is the process's, all threads.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const network = isQuick ? 200_000 : 1_000_000;
  const watched = network / 10;
  const epochs = isQuick ? 1 : 3;
  const sim = start("sim-at-scale.ts", [network]);
  try {
    const url = await sim.next<string>();
    const firstSlot = (firstEpoch + epochsBefore) * slotsPerEpoch;
    for (let slot = firstEpoch * slotsPerEpoch + 1; slot < firstSlot; slot++) await sim.ask<number>(slot);
    console.log(`${network} validators, ${epochsBefore} epochs of blocks made`);
    const full = await follow(sim, url, network, watched, firstSlot, epochs);
    const tenth = await follow(sim, url, network, watched / 10, firstSlot + (epochs + 3) * slotsPerEpoch, epochs);
    const perWatched = (full.cpuS - tenth.cpuS) / (watched - watched / 10);
    const figures = {
      ...{ cpuS: full.cpuS, rssMb: full.rssMb, requests: full.requests },
      ...{ megabytesCore: full.megabytesCore, megabytesAll: full.megabytesAll, watched, network, epochs },
      cpuSOfNetwork: round(tenth.cpuS - perWatched * (watched / 10), 2),
      cpuSPer100kWatched: round(perWatched * 100_000, 2),
      exceptions: full.exceptions,
      start: full.start,
      megabytesBy: full.megabytesBy,
      requestsBy: full.requestsBy,
      tenth: { watched: watched / 10, cpuS: tenth.cpuS, rssMb: tenth.rssMb, megabytesAll: tenth.megabytesAll },
    };
    return figures;
  } finally {
    sim.stop();
  }
}

/** Starts a watcher at a slot, lets it catch up, and measures whole epochs. */
async function follow(sim: Child, url: string, network: number, watched: number, firstSlot: number, epochs: number) {
  await sim.ask<number>(firstSlot);
  const watcher = start("watcher.ts", [url, network, watched, firstSlot]);
  try {
    let report = await watcher.next<WatcherReport>();
    const started = {
      cpuS: round(report.cpuS, 2),
      rssMb: Math.round(report.rssMb),
      megabytes: Math.round(report.megabytes),
    };
    console.log(`${watched} watched, started:`, started, report.kind, report.detail);
    // The first whole epoch still warms caches and compiled code.
    const ends: WatcherReport[] = [];
    let rssMb = 0;
    for (let slot = firstSlot + 1; slot <= firstSlot + (epochs + 1) * slotsPerEpoch; slot++) {
      await sim.ask<number>(slot);
      report = await watcher.ask<WatcherReport>(slot);
      if (ends.length > 0) rssMb = Math.max(rssMb, report.rssMb);
      if ((slot - firstSlot) % slotsPerEpoch === 0) ends.push(report);
    }
    const steps = ends.slice(1).map((end, i) => stepOf(ends[i]!, end));
    for (const step of steps) console.log(step);
    const missed = 1 - report.included / report.assigned;
    const isRight = report.assigned === network && Math.abs(missed / missShare - 1) < 0.1 && report.exceptions > 0;
    if (report.provisionalEpoch - ends[0]!.provisionalEpoch !== epochs || !isRight)
      throw new Error(`the watcher is not in step: ${JSON.stringify(report)}`);
    const of = (read: (step: Step) => number) => median(steps.map(read));
    const last = steps.at(-1)!;
    return {
      start: started,
      cpuS: round(
        of(({ cpuS }) => cpuS),
        2,
      ),
      rssMb: Math.round(rssMb),
      requests: of(({ requests }) => requests),
      exceptions: report.exceptions,
      megabytesAll: round(
        of(({ megabytes }) => megabytes),
        1,
      ),
      megabytesCore: round(
        of(({ megabytesCore }) => megabytesCore),
        1,
      ),
      megabytesBy: last.megabytesBy,
      requestsBy: last.requestsBy,
    };
  } finally {
    watcher.stop();
  }
}

type Step = ReturnType<typeof stepOf>;

/** What one epoch cost. */
function stepOf(before: WatcherReport, after: WatcherReport) {
  const difference = (key: "megabytesBy" | "requestsBy") =>
    Object.fromEntries(
      Object.entries(after[key]).map(([name, value]) => [name, round(value - (before[key][name] ?? 0), 2)]),
    );
  const megabytesBy = difference("megabytesBy");
  return {
    cpuS: round(after.cpuS - before.cpuS, 2),
    requests: after.requests - before.requests,
    megabytes: round(after.megabytes - before.megabytes, 1),
    megabytesCore: round(
      coreCalls.reduce((sum, name) => sum + (megabytesBy[name] ?? 0), 0),
      1,
    ),
    ...{ megabytesBy, requestsBy: difference("requestsBy"), caveats: after.caveats, kind: after.kind },
  };
}

interface Child {
  next<T>(): Promise<T>;
  ask<T>(message: number): Promise<T>;
  stop(): void;
}

/** Starts a program of `bench/duties` that answers each message with one. */
function start(file: string, args: readonly number[] | readonly (string | number)[]): Child {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, "duties", file), ...args.map(String)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  process.once("exit", () => child.kill());
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${file} ended (${code})`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message as T);
      });
    });
  return {
    next,
    ask<T>(message: number) {
      const answer = next<T>();
      child.send(message);
      return answer;
    },
    stop: () => void (child.connected && child.disconnect()),
  };
}
