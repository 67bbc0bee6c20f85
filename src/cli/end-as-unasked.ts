import { AppError, describeError } from "../lib/app-error.ts";

/**
 * Runs a command of which 1 means "asked, and something was found": what could not be asked ends with 2 instead.
 * A configuration that cannot be used still ends with 3.
 */
export async function endAsUnasked(run: () => Promise<void>, hint = ""): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "aborted") {
      process.stderr.write("Stopped.\n");
      process.exitCode = 130;
      return;
    }
    if (error.code.startsWith("config-")) {
      if (hint !== "") process.stderr.write(`${hint}\n`);
      throw error;
    }
    process.stderr.write(`slotkeeper: ${describeError(error)} (${error.code})\n`);
    process.exitCode = 2;
  }
}
