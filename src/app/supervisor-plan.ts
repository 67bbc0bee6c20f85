import { spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../lib/app-error.ts";
import type { LogLevel } from "../lib/log.ts";
import { hopelessExitCode } from "./exit-codes.ts";
import type { Program } from "./upgrade/program-on-disk.ts";

/** What the supervisor needs of the config, and nothing that would make it load a parser. */
export interface SupervisorPlan {
  /** As the config names it. */
  gateway: string;
  dataFolder: string;
  logLevel: LogLevel;
  listeners: readonly { name: string; what: string; host: string; port: number; isTls?: boolean }[];
}

/**
 * Reads the config in a process that ends again: the YAML parser and the schema would otherwise stay in the supervisor's
 * memory for ever. The process writes its own message when the file is wrong. Throws `AppError` `config-refused`.
 */
export async function readSupervisorPlan(
  configPath: string,
  signal: AbortSignal,
  program: Program,
): Promise<SupervisorPlan> {
  const config = resolve(configPath);
  const child = spawn(program.node, [join(program.folder, "plan-main.ts"), config], {
    cwd: dirname(config),
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return JSON.parse(output) as SupervisorPlan;
  throw new AppError(
    `read ${configPath}: ${code === hopelessExitCode ? "see above" : `the reader ended with status ${code}`}`,
    {
      code: "config-refused",
    },
  );
}
