import type { SignalReasonCode } from "../reasons.ts";

/** What a reader of one log tells; every line once, in the order in which it was written. */
export interface LogSink {
  lines(lines: readonly string[]): void;
  state(code: SignalReasonCode, message: string): void;
}

/** A log that is being read until it is stopped. */
export interface LogReader {
  stop(): Promise<void>;
}

/** A longer line is cut: what follows is left out. */
export const maxLineLength = 4096;
/** Lines handed over at once; a flood is handed over in parts, with the event loop free between them. */
export const maxLinesAtOnce = 2_000;

/** Cuts a growing text into lines; what has no end yet waits, up to the longest line. */
export function lineCutter(): (chunk: string) => string[] {
  let rest = "";
  return (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = (parts.pop() ?? "").slice(0, maxLineLength);
    return parts.map((line) => line.slice(0, maxLineLength).replace(/\r$/, ""));
  };
}
