import type { LogSeverity } from "../log-signature.ts";
import type { SignalReasonCode } from "../reasons.ts";
import type { LogSource } from "../signal-sources.ts";

/** A line of a log that is known. Times are when it was read, ms since 1970. */
export interface LogEvent {
  at: number;
  source: string;
  node: string | undefined;
  validatorClient: string | undefined;
  signature: string;
  severity: LogSeverity;
  means: string;
  todo: string;
  /** Redacted, at most 300 characters. */
  line: string;
}

/** How one log is read, and what it said since the start. */
export interface LogState {
  name: string;
  kind: LogSource["kind"];
  client: string | undefined;
  node: string | undefined;
  validatorClient: string | undefined;
  state: SignalReasonCode;
  detail: string;
  lines: number;
  lastLineAt: number | undefined;
  matches: Readonly<Record<string, number>>;
  /** Lines of level error or worse that no signature explains, and the newest of them. */
  unexplainedErrors: number;
  lastUnexplained: string | undefined;
}
