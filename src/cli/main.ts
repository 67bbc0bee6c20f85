#!/usr/bin/env node
import { Command } from "commander";
import { AppError, describeError } from "../lib/app-error.ts";
import { commands } from "./commands.ts";

const program = new Command("slotkeeper")
  .description("Keeps Ethereum validators' duties: failover gateway, watcher, alarms and proof.")
  .showHelpAfterError("(add --help for the options)")
  .exitOverride();

for (const register of commands) register(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** 0 for help and version, 2 for wrong usage, 1 for everything that failed. */
function exitCodeOf(error: unknown): number {
  if (error instanceof Error && "exitCode" in error && "code" in error && String(error.code).startsWith("commander.")) {
    return error.exitCode === 0 ? 0 : 2;
  }
  const code = error instanceof AppError ? ` (${error.code})` : "";
  process.stderr.write(`slotkeeper: ${describeError(error)}${code}\n`);
  return 1;
}
