import { AppError } from "../lib/app-error.ts";

/** Exit status of a role that starting again cannot help: a bad config, a database of a newer version. */
export const hopelessExitCode = 3;

/** Exit status of a role that found its address, socket or data folder in use: starting again helps once the other has gone. */
export const inUseExitCode = 4;

/** Errors that starting again cannot help: a person must change something first. */
const hopelessCodes = new Set([
  ...["control-path-taken", "control-path-too-long", "control-tls-needed", "store-newer", "store-url"],
  ...["store-too-old", "store-encoding", "store-unauthorized", "store-database-missing", "store-forbidden"],
]);

/** Somebody else has it now; a service that is being replaced lets go of it in a moment. */
const inUseCodes = new Set(["control-socket-in-use", "data-in-use", "listen-failed", "gateway-listen"]);

/** The exit status of a start that failed with this error. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof AppError)) return 1;
  if (inUseCodes.has(error.code)) return inUseExitCode;
  return hopelessCodes.has(error.code) || error.code.startsWith("config") ? hopelessExitCode : 1;
}
