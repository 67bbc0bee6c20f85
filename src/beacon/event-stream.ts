import type { Dispatcher } from "undici";
import type { Clock } from "../lib/clock.ts";
import { backoffMs } from "../lib/retry.ts";
import { callFailure, failureKindOf } from "./call-failure.ts";
import type { CallFailure } from "./call-result.ts";
import { createStreamDispatcher } from "./dispatcher.ts";
import { topicAttempts, topicQuery } from "./event-topics.ts";
import { readEvents } from "./read-events.ts";

export interface StreamEvent {
  topic: string;
  /** The untouched text of the `data` lines. */
  data: string;
  receivedAt: number;
}

export type StreamState =
  | { kind: "connecting" }
  | { kind: "open"; topics: readonly string[] }
  /** An open stream ended, whoever ended it; `isAsked` when `reopen` did. */
  | { kind: "broken"; failure: CallFailure; isAsked: boolean }
  /** An attempt to open failed. */
  | { kind: "failed"; failure: CallFailure; retryInMs: number };

export interface EventStreamOptions {
  url: string;
  name?: string;
  topics: readonly string[];
  headers?: Readonly<Record<string, string>>;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  dispatcher?: Dispatcher;
  /** Ends the stream for good. */
  signal: AbortSignal;
  /** Called once for each event; what it throws ends the stream's current connection, nothing else. */
  onEvent: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
  /** How long connecting may take until the status line. */
  openTimeoutMs?: number;
  /** A larger event closes the connection: it is garbage or an attack on memory. */
  maxEventBytes?: number;
  /** A stream with no byte for so long is half open (a lost NAT entry, say) and is opened anew. */
  silenceMs?: number;
}

export interface EventStream {
  /** Ends the current connection or wait, and connects at once: for a caller that knows better. */
  reopen(reason: string): void;
  /** Resolves when the stream has ended because its signal aborted. */
  readonly ended: Promise<void>;
}

/** The first retry after a good stream: jittered, well under the 250 ms within which a fault must be confirmed. */
const firstRetryMs = 150;
const slowestRetryMs = 3000;

/**
 * Keeps one Server-Sent-Events stream (`GET /eth/v1/events`) open until `signal` aborts, whatever the node does: refused,
 * hung, reset, refused topics, garbage, an endless event, silence. Memory is bounded by `maxEventBytes`.
 */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { clock, signal } = options;
  const base = new URL(options.url);
  const path = `${base.pathname.replace(/\/+$/, "")}/eth/v1/events`;
  const dispatcher = options.dispatcher ?? createStreamDispatcher(options.url);
  const attempts = topicAttempts(options.topics);
  const action = `eventstream of ${options.name ?? options.url}`;
  let wake = new AbortController();
  let isAsked = false;

  /** One connection, from connect to its end. Tells how it ended. */
  async function connectOnce(attemptIndex: number): Promise<{ wasGood: boolean; failure: CallFailure }> {
    const attempt = attempts[attemptIndex] ?? { topics: options.topics, encoding: "repeat" };
    const stop = new AbortController();
    let problem: CallFailure | undefined;
    const end = (failure: CallFailure) => {
      problem ??= failure;
      stop.abort();
    };
    const onWake = () => end(callFailure(action, "aborted"));
    const timeoutMs = options.openTimeoutMs ?? 2000;
    const cancelOpenTimer = clock.after(timeoutMs, () =>
      end(callFailure(action, "timeout", `no reply within ${timeoutMs} ms`)),
    );
    wake.signal.addEventListener("abort", onWake, { once: true });
    signal.addEventListener("abort", onWake, { once: true });
    let wasGood = false;
    try {
      options.onState({ kind: "connecting" });
      const reply = await dispatcher.request({
        origin: base.origin,
        path: `${path}?${topicQuery(attempt)}`,
        method: "GET",
        headers: {
          ...options.headers,
          accept: "text/event-stream",
          "accept-encoding": "identity",
          "cache-control": "no-cache",
        },
        signal: stop.signal,
      });
      cancelOpenTimer();
      const type = String(reply.headers["content-type"] ?? "");
      if (reply.statusCode !== 200 || !type.includes("text/event-stream")) {
        reply.body.on("error", () => undefined).destroy();
        const detail = `HTTP ${reply.statusCode} with ${type.slice(0, 60) || "no content type"}`;
        return { wasGood, failure: callFailure(action, "status", detail, reply.statusCode) };
      }
      wasGood = true;
      options.onState({ kind: "open", topics: attempt.topics });
      const ending = await readEvents(reply.body, {
        clock,
        maxEventBytes: options.maxEventBytes ?? 1024 * 1024,
        silenceMs: options.silenceMs ?? 60_000,
        onEvent: options.onEvent,
      });
      return { wasGood, failure: problem ?? callFailure(action, ending.kind, ending.detail) };
    } catch (error) {
      return { wasGood, failure: problem ?? callFailure(action, failureKindOf(error)) };
    } finally {
      cancelOpenTimer();
      wake.signal.removeEventListener("abort", onWake);
      signal.removeEventListener("abort", onWake);
    }
  }

  async function run(): Promise<void> {
    let attemptIndex = 0;
    let failures = 0;
    while (!signal.aborted) {
      wake = new AbortController();
      const { wasGood, failure } = await connectOnce(attemptIndex);
      if (signal.aborted) break;
      const isRefusedTopics =
        !wasGood && failure.kind === "status" && (failure.status ?? 0) >= 400 && (failure.status ?? 0) < 500;
      if (isRefusedTopics && attemptIndex < attempts.length - 1) {
        attemptIndex++;
        continue;
      }
      // A node that comes back may be a newer version: ask it for everything again.
      if (isRefusedTopics || failure.kind !== "status") attemptIndex = 0;
      const wasAsked = isAsked;
      isAsked = false;
      failures = wasGood ? 0 : failures + 1;
      const retryInMs =
        failures === 0 ? options.random() * firstRetryMs : backoffMs(failures - 1, 200, slowestRetryMs, options.random);
      options.onState(
        wasGood ? { kind: "broken", failure, isAsked: wasAsked } : { kind: "failed", failure, retryInMs },
      );
      if (!wasAsked) await sleepUntilWoken(retryInMs);
    }
    if (options.dispatcher === undefined) await dispatcher.destroy();
  }

  async function sleepUntilWoken(delayMs: number): Promise<void> {
    wake = new AbortController();
    isAsked = false;
    await clock.sleep(delayMs, AbortSignal.any([wake.signal, signal]));
    isAsked = false;
  }

  return {
    reopen() {
      isAsked = true;
      wake.abort();
    },
    ended: run(),
  };
}
