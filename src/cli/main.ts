#!/usr/bin/env node
import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { hopelessExitCode } from "../app/exit-codes.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { commands } from "./commands.ts";

surviveClosedOutput();

const program = new Command("slotkeeper")
  .version(packageJson.version, "-V, --version", "print the version")
  .description("Keeps Ethereum validators' duties: failover gateway, watcher, alarms and proof.")
  .showHelpAfterError("(add --help for the options)")
  .exitOverride();

for (const register of commands) register(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** 0 for help and version, 2 for wrong usage, 3 for a configuration that cannot be used, 1 for everything that failed. */
function exitCodeOf(error: unknown): number {
  if (error instanceof Error && "exitCode" in error && "code" in error && String(error.code).startsWith("commander.")) {
    return error.exitCode === 0 ? 0 : 2;
  }
  const code = error instanceof AppError ? ` (${error.code})` : "";
  process.stderr.write(`slotkeeper: ${describeError(error)}${code}\n`);
  return error instanceof AppError && error.code.startsWith("config-") ? hopelessExitCode : 1;
}

/** `| head -1` closes the pipe, and a disk may be full: neither may end in a stack trace, or end a role that runs. */
function surviveClosedOutput(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`slotkeeper: write to standard output: ${error.message}\n`);
    process.exitCode = process.exitCode || 1;
  });
}
