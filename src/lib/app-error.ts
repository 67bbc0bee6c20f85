export interface AppErrorOptions {
  /** Stable, kebab-case; adapters map it to an HTTP or exit status. */
  code: string;
  cause?: unknown;
  /** True when the same call may succeed later without anyone changing anything. */
  retryable?: boolean;
}

/**
 * The one error family. The message names the action that was being done ("read slotkeeper.yaml") and what to do next;
 * it is written for the operator, never for the developer. Log it or throw it, never both.
 */
export class AppError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = options.code;
    this.retryable = options.retryable ?? false;
  }
}

/** The message of anything that was thrown, with the messages of its causes, for a log line or a person. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `: ${describeError(error.cause)}`;
  return `${error.message || error.name}${cause}`;
}
