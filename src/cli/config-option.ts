import { access, constants } from "node:fs/promises";
import { Option, type Command } from "commander";
import { AppError } from "../lib/app-error.ts";
import { readFailure } from "../lib/read-failure.ts";

export const configOption = (): Option =>
  new Option("-c, --config <file>", "configuration file").default("slotkeeper.yaml").env("SLOTKEEPER_CONFIG");

/** Throws `AppError` `config-missing` that says how to get a file. */
export async function checkConfigExists(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new AppError(
      `read ${path}: ${readFailure(error)}. Write one with: slotkeeper config init. Or name another with --config`,
      { code: "config-missing" },
    );
  }
}

/** The file that a subcommand reads: its own `--config`, or one that stands before it (`slotkeeper gateway -c FILE hold`). */
export function configOf(command: Command): string {
  for (let each: Command | null = command; each !== null; each = each.parent)
    if (each.getOptionValueSource("config") === "cli") return String(each.getOptionValue("config"));
  return String(command.getOptionValue("config"));
}
