import { access, constants } from "node:fs/promises";
import { Option } from "commander";
import { AppError } from "../lib/app-error.ts";
import { readFailure } from "../app/config/read-failure.ts";

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
