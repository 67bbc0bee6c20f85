import { logLineTime } from "./log-time.ts";
import type { LogSignature } from "./log-signature.ts";

export interface LogMatch {
  signature: LogSignature;
  /** Lines within the last hour of the file (all lines, where the file has no times). */
  recentCount: number;
  olderCount: number;
  /** The newest line, control characters removed, cut to 300 characters. */
  lastLine: string;
}

/** What the end of one log says. */
export interface LogReading {
  lines: number;
  /** False where no line carries a time: everything then counts as recent. */
  hasTimes: boolean;
  /** False where nothing reads like a log: no time of day, no level, no known line. */
  isLog: boolean;
  matches: readonly LogMatch[];
  /** Recent lines of level error or worse that no signature explains, and the newest of them. */
  unexplainedErrors: number;
  lastUnexplained: string | undefined;
}

const recentMs = 3_600_000;
/** "ERROR", "ERRO" (Lighthouse), "ERR" (Nimbus), "CRIT", "FATAL" as words, `level=error`, Lodestar's and JSON's "error". */
const errorLevel =
  /\b(?:ERROR|ERRO|ERR|CRIT|CRITICAL|FATAL|FTL)\b|\blevel"?[=:]"?\s*(?:error|fatal|critical)\b|\] +error:/;

export function isErrorLine(line: string): boolean {
  return errorLevel.test(line.slice(0, 400));
}

const maxCauses = 256;
/** A time of day or a level: every client writes at least one of the two on every line. */
const logShape =
  /(?:^|\D)\d\d:\d\d:\d\d(?:\D|$)|\b(?:TRACE|DEBUG|INFO|WARN|ERROR|CRIT)\b|\blevel"?[=:]|"(?:time|ts|timestamp)":/;

/**
 * Matches the last lines of one log against the catalogue. "Recent" is counted back from the newest time in the log
 * itself, so that neither its time zone nor ours matters. `year` stands in where a log's times have none.
 */
export function matchLog(rawLines: readonly string[], signatures: readonly LogSignature[], year: number): LogReading {
  const lines = rawLines.map(withoutColours);
  const times = timesOf(lines, year);
  const newest = times.reduce<number | undefined>(
    (max, at) => (at === undefined || (max ?? at) > at ? max : at),
    undefined,
  );
  const isRecent = (at: number | undefined) => newest === undefined || at === undefined || newest - at <= recentMs;
  const matches = new Map<LogSignature, LogMatch>();
  const matching = (line: string) =>
    signatures.filter((candidate) => candidate.texts.some((text) => line.includes(text)));
  let unexplainedErrors = 0;
  let lastUnexplained: string | undefined;
  lines.forEach((line, position) => {
    const found = matching(line);
    const recent = isRecent(times[position]);
    for (const signature of found) count(matches, signature, line, recent);
    if (found.length > 0 || !recent || !isErrorLine(line)) return;
    const causes = causesBelow(lines, position);
    if (causes.length === 0 || !causes.every((cause) => matching(cause).length > 0)) {
      unexplainedErrors++;
      lastUnexplained = printableLine(line);
    }
  });
  return {
    lines: lines.length,
    hasTimes: newest !== undefined,
    isLog: matches.size > 0 || lines.some((line) => logShape.test(line.slice(0, 200))),
    matches: [...matches.values()],
    unexplainedErrors,
    lastUnexplained,
  };
}

/** The lines below a headline such as "Multiple errors", one cause each, up to the stack trace or the next entry. */
function causesBelow(lines: readonly string[], position: number): readonly string[] {
  const below = lines.slice(position + 1, position + 1 + maxCauses);
  const end = below.findIndex(
    (line) => line.trim() === "" || /^\s|^Error: /.test(line) || logShape.test(line.slice(0, 200)),
  );
  return end === -1 ? below : below.slice(0, end);
}

/** The time of each line; a line without one (a stack trace) has the time of the line before it. */
function timesOf(lines: readonly string[], year: number): (number | undefined)[] {
  let last: number | undefined;
  return lines.map((line) => (last = logLineTime(line, year) ?? last));
}

function count(matches: Map<LogSignature, LogMatch>, signature: LogSignature, line: string, isRecent: boolean): void {
  const known = matches.get(signature) ?? { signature, recentCount: 0, olderCount: 0, lastLine: "" };
  if (isRecent) known.recentCount++;
  else known.olderCount++;
  known.lastLine = printableLine(line);
  matches.set(signature, known);
}

/** Colour codes stand between words and hide them from every pattern. */
export function withoutColours(line: string): string {
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}

/** Nothing of a log may reach a person's terminal unfiltered. */
export function printableLine(line: string): string {
  return line
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, 300);
}
