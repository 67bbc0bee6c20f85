import type { DutiesNow } from "../../../src/api/contract-duties.ts";
import type { RespondNow } from "../../../src/api/contract-respond.ts";
import type { Snapshot, StoredTransition } from "../../../src/api/contract.ts";
import { cleanText } from "./clean-text.ts";
import { readConnection, setConnection } from "./connection.ts";
import { serverNow } from "./server-clock.ts";

export interface StreamSink {
  snapshot(snapshot: Snapshot): void;
  transition(transition: StoredTransition): void;
  duties(duties: DutiesNow): void;
  respond(respond: RespondNow): void;
  /** After an outage: whatever happened meanwhile must be read again. */
  resumed(): void;
  /** Asks for a snapshot out of turn; rejects when the server does not answer. */
  poll(signal: AbortSignal): Promise<Snapshot>;
}

/** A stream this silent is checked with a request: an open socket to a frozen server looks alive for ever. */
const silentAfterMs = 4_000;
const retryMs = { first: 400, most: 5_000 };

/** Follows the server's event stream until the signal aborts; reopens it for ever, sooner when the browser comes online. */
export function followStream(sink: StreamSink, signal: AbortSignal): void {
  let source: EventSource | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let heardAt = performance.now();
  let isPolling = false;

  const heard = () => {
    heardAt = performance.now();
    const wasLost = readConnection().kind === "lost";
    if (readConnection().kind !== "live") setConnection({ kind: "live", sinceAt: serverNow() });
    attempts = 0;
    if (wasLost) sink.resumed();
  };

  const lost = () => {
    source?.close();
    source = undefined;
    const before = readConnection();
    attempts += 1;
    setConnection({ kind: "lost", sinceAt: before.kind === "lost" ? before.sinceAt : serverNow(), attempts });
    const delayMs = Math.min(retryMs.most, retryMs.first * 2 ** (attempts - 1)) * (0.75 + Math.random() / 2);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, delayMs);
  };

  const open = () => {
    if (signal.aborted) return;
    clearTimeout(retryTimer);
    source?.close();
    heardAt = performance.now();
    const opened = new EventSource("/api/v1/stream");
    source = opened;
    opened.addEventListener("snapshot", (event: MessageEvent<string>) => receive<Snapshot>(event, sink.snapshot));
    opened.addEventListener("transition", (event: MessageEvent<string>) =>
      receive<StoredTransition>(event, sink.transition),
    );
    opened.addEventListener("duties", (event: MessageEvent<string>) => receive<DutiesNow>(event, sink.duties));
    opened.addEventListener("respond", (event: MessageEvent<string>) => receive<RespondNow>(event, sink.respond));
    opened.onerror = () => opened === source && lost();
  };

  const receive = <T>(event: MessageEvent<string>, take: (value: T) => void) => {
    const value = parsed<T>(event.data);
    if (value === undefined) return;
    heard();
    take(value);
  };

  const checkSilence = async () => {
    if (isPolling || source === undefined || performance.now() - heardAt < silentAfterMs) return;
    isPolling = true;
    const polled = source;
    try {
      const snapshot = await sink.poll(AbortSignal.any([signal, AbortSignal.timeout(silentAfterMs)]));
      if (signal.aborted) return;
      heard();
      sink.snapshot(snapshot);
    } catch {
      if (!signal.aborted && polled === source) lost();
    } finally {
      isPolling = false;
    }
  };

  const silence = setInterval(() => void checkSilence(), 1_000);
  const wake = () => document.visibilityState === "visible" && readConnection().kind === "lost" && open();
  addEventListener("online", wake, { signal });
  document.addEventListener("visibilitychange", wake, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(silence);
    clearTimeout(retryTimer);
    source?.close();
  });
  open();
}

/** A broken event is dropped, not fatal: the next snapshot is whole again. */
function parsed<T>(data: string): T | undefined {
  try {
    return JSON.parse(data, cleanText) as T;
  } catch {
    return undefined;
  }
}
