import { pino, type Logger } from "pino";

export type { Logger } from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Structured logs, one JSON object a line on standard error. `error` means that a human is needed now. */
export function createLogger(level: LogLevel, bindings: Record<string, string> = {}): Logger {
  return pino(
    { level, base: bindings, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** For tests and one-shot commands. */
export const silentLogger: Logger = pino({ level: "silent" });
