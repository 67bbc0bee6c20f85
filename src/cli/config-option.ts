import { access } from "node:fs/promises";
import { Option } from "commander";
import { AppError } from "../lib/app-error.ts";

export const configOption = (): Option =>
  new Option("-c, --config <file>", "configuration file").default("slotkeeper.yaml").env("SLOTKEEPER_CONFIG");

/** Throws `AppError` `config-missing` that says how to get a file. */
export async function checkConfigExists(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new AppError(
      `read ${path}: there is no such file. Write one with \`slotkeeper config init\`, or name another with --config.`,
      {
        code: "config-missing",
        cause,
      },
    );
  }
}
