import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ChainRequest, ChainTruth, OraclePreset } from "../../oracle/src/chain-truth.ts";

/** The specification's own state transition in a child process: its preset is global to a process. */
export interface Oracle {
  /** One chain; requests are answered one after the other. Rejects with what the oracle says went wrong. */
  build(request: ChainRequest): Promise<ChainTruth>;
  /** Resolves once the child is gone. */
  stop(): Promise<void>;
}

const folder = join(import.meta.dirname, "..", "..", "oracle");

export function startOracle(preset: OraclePreset): Oracle {
  if (!existsSync(join(folder, "node_modules")))
    throw new Error("start the oracle: its packages are not installed; run `npm run setup` first");
  const child = spawn(process.execPath, [join(folder, "src", "main.ts")], {
    env: { ...process.env, LODESTAR_PRESET: preset },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  // A child that died says so by the end of its lines; the broken pipe says it twice.
  child.stdin.on("error", () => undefined);
  let last: Promise<unknown> = Promise.resolve();
  return {
    build(request) {
      const answer = last.then(async () => {
        child.stdin.write(`${JSON.stringify(request)}\n`);
        const line = await lines.next();
        if (line.done === true)
          throw new Error(`build a chain: the oracle ended without an answer; ${replay(preset, request)}`);
        const { truth, error } = JSON.parse(line.value) as { truth?: ChainTruth; error?: string };
        if (truth === undefined) throw new Error(`build a chain: ${error}\n${replay(preset, request)}`);
        return truth;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}

/** What a person types to see this chain alone again. */
export function replay(preset: OraclePreset, request: ChainRequest): string {
  const forks = request.nextFork === undefined ? request.fork : `${request.fork}-${request.nextFork}`;
  return `again: SLOTKEEPER_ORACLE_CASE=${preset}:${forks}:${request.seed} npm test -- test/duties-oracle.test.ts`;
}
