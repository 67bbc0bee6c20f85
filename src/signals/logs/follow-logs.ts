import { sameSettings } from "../../fleet/same-settings.ts";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LogSignature } from "../log-signature.ts";
import { logSignatures, logSignaturesVersion } from "../log-signatures.ts";
import type { LogSource } from "../signal-sources.ts";
import { followFile } from "./follow-file.ts";
import { followJournal } from "./follow-journal.ts";
import { followLoki } from "./follow-loki.ts";
import type { LogReader, LogSink } from "./log-feed.ts";
import type { LogEvent, LogState } from "./log-state.ts";
import { matchLine } from "./match-line.ts";

export interface FollowLogsOptions {
  logs: readonly LogSource[];
  get: HttpGet;
  clock: Clock;
  random: () => number;
  onError: (error: unknown) => void;
  /** Default `journalctl`. */
  journalProgram?: string;
}

export interface LogEventQuery {
  fromAt?: number;
  toAt?: number;
  source?: string;
  node?: string;
  validatorClient?: string;
  limit: number;
}

export interface LogFollower {
  readonly catalogueVersion: number;
  logs(): readonly LogState[];
  /** Known lines read from `fromAt` to `toAt`, newest first, at most `limit`. */
  events(query: LogEventQuery): readonly LogEvent[];
  reconfigure(logs: readonly LogSource[]): Promise<void>;
  stop(): Promise<void>;
}

/** Known lines kept, over all logs; a flood of one signature leaves room for the others. */
const keptEvents = 5_000;
/** Of one signature and log within a minute: the rest is counted only. */
const perMinute = 20;
const minuteMs = 60_000;

/** Follows clients' logs and keeps what is known of their lines. They corroborate; nobody is woken by a line alone. */
export function followLogs(options: FollowLogsOptions): LogFollower {
  const { clock } = options;
  const readers = new Map<string, { source: LogSource; reader: LogReader; state: LogState }>();
  let events: LogEvent[] = [];

  function open(source: LogSource): void {
    const { name, kind, client, node, validatorClient } = source;
    const state: LogState = {
      ...{ name, kind, client, node, validatorClient, state: "log-starting", detail: "" },
      ...{ lines: 0, lastLineAt: undefined, matches: {}, unexplainedErrors: 0, lastUnexplained: undefined },
    };
    const entry = { source, state, reader: { stop: () => Promise.resolve() } };
    readers.set(name, entry);
    const signatures = client === undefined ? logSignatures : logSignatures.filter((each) => each.client === client);
    const recent = new Map<string, number[]>();
    const sink: LogSink = {
      state: (code, detail) => void (entry.state = { ...entry.state, state: code, detail: detail.slice(0, 300) }),
      lines: (lines) => void (entry.state = take(source, entry.state, lines, signatures, recent)),
    };
    entry.reader = start(source, sink);
  }

  function start(source: LogSource, sink: LogSink): LogReader {
    switch (source.kind) {
      case "file":
        return followFile(source.path, sink, clock, options.onError);
      case "journald":
        return followJournal(source.unit, sink, clock, options.random, options.journalProgram);
      case "loki":
        return followLoki(source, sink, options.get, clock);
    }
  }

  function take(
    { name, node, validatorClient }: LogSource,
    before: LogState,
    lines: readonly string[],
    signatures: readonly LogSignature[],
    recent: Map<string, number[]>,
  ): LogState {
    const at = clock.now();
    const matches = { ...before.matches };
    let { unexplainedErrors, lastUnexplained } = before;
    for (const raw of lines) {
      const found = matchLine(raw, signatures);
      if (found?.kind === "error") {
        unexplainedErrors++;
        lastUnexplained = found.line;
      }
      if (found?.kind !== "known") continue;
      for (const { id, severity, means, todo } of found.signatures) {
        matches[id] = (matches[id] ?? 0) + 1;
        const times = (recent.get(id) ?? []).filter((time) => at - time < minuteMs);
        recent.set(id, times);
        if (severity === "harmless" || times.length >= perMinute) continue;
        times.push(at);
        events.push({
          at,
          source: name,
          node,
          validatorClient,
          signature: id,
          severity,
          means,
          todo,
          line: found.line,
        });
      }
    }
    if (events.length > keptEvents) events = events.slice(-keptEvents);
    const seen = { lines: before.lines + lines.length, lastLineAt: at };
    return { ...before, ...seen, matches, unexplainedErrors, lastUnexplained };
  }

  async function reconfigure(logs: readonly LogSource[]): Promise<void> {
    const wanted = new Map(logs.map((source) => [source.name, source]));
    const gone = [...readers].filter(([name, { source }]) => !sameSettings(source, wanted.get(name)));
    for (const [name] of gone) readers.delete(name);
    await Promise.all(gone.map(([, { reader }]) => reader.stop()));
    for (const source of logs) if (!readers.has(source.name)) open(source);
  }

  for (const source of options.logs) open(source);

  return {
    catalogueVersion: logSignaturesVersion,
    logs: () => [...readers.values()].map(({ state }) => state),
    events({ fromAt = 0, toAt = Infinity, source, node, validatorClient, limit }) {
      const isOf = (event: LogEvent): boolean =>
        (source === undefined || event.source === source) &&
        (node === undefined || event.node === node) &&
        (validatorClient === undefined || event.validatorClient === validatorClient);
      const found: LogEvent[] = [];
      for (let at = events.length - 1; at >= 0 && found.length < limit; at--) {
        const event = events[at] as LogEvent;
        if (event.at < fromAt) break;
        if (event.at <= toAt && isOf(event)) found.push(event);
      }
      return found;
    },
    reconfigure,
    stop: async () => void (await Promise.all([...readers.values()].map(({ reader }) => reader.stop()))),
  };
}
