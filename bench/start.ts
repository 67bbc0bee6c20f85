import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { round } from "./lib/statistics.ts";

const root = join(import.meta.dirname, "..");

/**
 * What a newcomer waits: a clean clone with a cold npm cache, `npm start` on the system's Node, until the first attestation
 * that went through the gateway is on chain; then the same a second time.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "slotkeeper-start-"));
  try {
    const clone = join(folder, "slotkeeper");
    execFileSync("git", ["clone", "--quiet", root, clone]);
    const cache = isQuick ? {} : { npm_config_cache: join(folder, "npm-cache") };
    const firstAttestationS = await startOnce(clone, cache);
    const secondStartS = await startOnce(clone, cache);
    return {
      firstAttestationS: round(firstAttestationS, 1),
      secondStartS: round(secondStartS, 1),
      isCacheCold: !isQuick,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds from the command to the first attestation; Ctrl-C then, as a terminal sends it to the whole process group. */
async function startOnce(clone: string, env: Record<string, string>): Promise<number> {
  const startedAt = performance.now();
  // The pinned Node and this run's npm settings must not help: only the system's PATH stays.
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  const path = (process.env["PATH"] ?? "").split(":").filter((part) => !part.includes("node_modules"));
  const child = spawn("npm", ["start"], {
    cwd: clone,
    env: { ...clean, ...env, PATH: path.join(":") },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  try {
    return await new Promise<number>((resolve, reject) => {
      let output = "";
      child.stdout.on("data", (chunk) => {
        process.stdout.write(String(chunk));
        output += String(chunk);
        if (output.includes("first attestation through the gateway is on chain"))
          resolve((performance.now() - startedAt) / 1000);
      });
      child.once("exit", (code) => reject(new Error(`npm start ended (${code}) before the first attestation`)));
    });
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    await ended;
  }
}
