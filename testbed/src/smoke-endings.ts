import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { controlCall, controlSocketIn } from "./control.ts";
import { isSameProcess, readStartTicks } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { waitUntil } from "./wait.ts";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));

/** However the command ends, with a frozen node or without, no process and no run folder may be left. */
export async function checkEndings(say: (line: string) => void): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
    for (const frozen of [null, "bn2"]) await checkEnding(signal, frozen, say);
  }
}

async function checkEnding(signal: NodeJS.Signals, frozen: string | null, say: (line: string) => void): Promise<void> {
  const session = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(session, "exit");
  const sessionPid = session.pid ?? 0;
  const runFolder = await readRunFolder(session.stdout);
  const socketPath = controlSocketIn(runFolder);
  if (frozen !== null) await controlCall(socketPath, `freeze ${frozen}`);
  const report = await controlCall(socketPath, "status");
  const clients = [...report.matchAll(/ pid (\d+)/g)].map((match) => identify(Number(match[1])));
  assert.equal(clients.length, 4, report);
  const guard = await findGuard(sessionPid);

  const startedAt = performance.now();
  session.kill(signal);
  await exited;
  const left = (): ProcessIdentity[] => [...clients, guard].filter(isSameProcess);
  await waitUntil("every process to be gone", () => (left().length === 0 ? true : null), {
    timeoutMs: 10_000,
    everyMs: 10,
  });
  const ms = Math.round(performance.now() - startedAt);
  assert.equal(existsSync(runFolder), false, "the run folder is removed");
  say(
    `${signal}${frozen === null ? "" : ` with ${frozen} frozen`}: 4 clients, the guard and the run folder gone after ${ms} ms`,
  );
}

const identify = (pid: number): ProcessIdentity => ({ pid, startTicks: readStartTicks(pid) ?? "unknown" });

async function readRunFolder(output: NodeJS.ReadableStream): Promise<string> {
  // Read to the end, so that the session never writes into a closed pipe.
  const lines = createInterface({ input: output });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.startsWith("run folder ")) resolve(line.slice("run folder ".length));
    });
    lines.on("close", () => reject(new Error("the session ended before it was up")));
  });
}

/** The one child of the session whose command line names the guard. */
async function findGuard(parentPid: number): Promise<ProcessIdentity> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const [stat, commandLine] = await Promise.all(
      ["stat", "cmdline"].map((file) => readFile(`/proc/${entry}/${file}`, "latin1").catch(() => "")),
    );
    const isChild = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(parentPid);
    if (isChild && commandLine?.includes("process-guard-main") === true) return identify(Number(entry));
  }
  throw new Error("the session has no guard");
}
