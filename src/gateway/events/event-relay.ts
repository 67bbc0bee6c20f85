import type { ServerResponse } from "node:http";
import type { Cancel } from "../../lib/clock.ts";
import type { GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { createExtraStream } from "./extra-stream.ts";
import { createHeadGate } from "./head-gate.ts";
import { createSeenEvents } from "./seen-events.ts";
import { readTopics, sharedTopics } from "./topics.ts";

/** The virtual event stream: clients stay connected while the nodes beneath come and go. */
export interface EventRelay {
  /** Opens a stream for a client. */
  serve(exchange: Exchange): void;
  readonly size: number;
  /** Closes the streams one after the other over `spreadMs`, so that clients do not all come back at once. */
  drain(spreadMs: number): void;
  stop(): void;
}

interface Reader {
  exchange: Exchange;
  res: ServerResponse;
  topics: ReadonlySet<string>;
}

const headTopics: readonly string[] = ["head", "head_v2"];
const heartbeat = Buffer.from(":\n\n");

export function createEventRelay(context: GroupContext): EventRelay {
  const { upstream, settings, counters } = context;
  const readers = new Set<Reader>();
  const seen = createSeenEvents();
  const gate = createHeadGate();
  const pending: Cancel[] = [];
  const extra = createExtraStream(context, (topic, data) => {
    if (topic === "head_v2") tellHead(topic, data);
    else tell(topic, data);
  });
  gate.onView(upstream.view().head);

  function tell(topic: string, data: string): void {
    if (readers.size === 0) return;
    // One buffer for all: a thousand clients must not cost a thousand encodings.
    let frame: Buffer | undefined;
    for (const reader of readers) {
      if (!reader.topics.has(topic)) continue;
      frame ??= Buffer.from(`event: ${topic}\n${dataLines(data)}\n\n`);
      counters.eventsSent++;
      send(reader, frame);
    }
  }

  function tellHead(topic: string, data: string): void {
    const now = gate.onHeadEvent(topic, data);
    if (now !== undefined) tell(topic, now);
  }

  function send(reader: Reader, frame: Buffer): void {
    const { res, exchange } = reader;
    if (res.writableLength + exchange.req.socket.writableLength > settings.maxEventBacklogBytes) {
      counters.slowReaders++;
      context.log.warn(
        { client: exchange.req.socket.remoteAddress },
        "an event stream's client reads too slowly: closed",
      );
      exchange.req.socket.destroy();
      return;
    }
    res.write(frame);
  }

  const unlisten = [
    upstream.onEvent((event) => {
      if (headTopics.includes(event.topic)) tellHead(event.topic, event.data);
      else if (sharedTopics.includes(event.topic) && isFromView(event.node) && seen.isNew(event.topic, event.data))
        tell(event.topic, event.data);
    }),
    upstream.onView((view) => {
      if (view.kind !== "split") for (const { topic, data } of gate.onView(view.head)) tell(topic, data);
      extra.followView();
    }),
    context.clock.every(settings.eventHeartbeatMs, () => {
      for (const reader of readers) send(reader, heartbeat);
    }),
  ];

  /** A node off the branch tells of blocks and reorgs that clients of this view must not act upon. */
  function isFromView(node: string): boolean {
    const { ready } = upstream.view();
    return ready.length === 0 || ready.includes(node);
  }

  function wantExtras(): void {
    const wanted = new Set<string>();
    for (const { topics } of readers)
      for (const topic of topics) if (topic !== "head" && !sharedTopics.includes(topic)) wanted.add(topic);
    extra.want(wanted);
  }

  function leave(reader: Reader): void {
    if (!readers.delete(reader)) return;
    counters.streams = readers.size;
    wantExtras();
  }

  return {
    serve(exchange) {
      const topics = readTopics(exchange.target);
      if (topics.length === 0) return exchange.fail(400, "topics-missing");
      const view = upstream.view();
      // Never 400 or 500 here: some clients take those for final and listen no more.
      if (view.kind === "none" || view.ready.length + view.fallback.length === 0) return exchange.fail(503, "no-node");
      if (readers.size >= settings.maxEventStreams) return exchange.fail(503, "overloaded");
      exchange.head(
        200,
        { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" },
        undefined,
      );
      if (exchange.isHead) return exchange.end(200, undefined);
      const reader: Reader = { exchange, res: exchange.res, topics: new Set(topics) };
      readers.add(reader);
      counters.streams = readers.size;
      exchange.onGone = () => leave(reader);
      // Jittered, so that clients cut off together do not come back together.
      exchange.res.write(`retry: ${Math.round(500 + 1_500 * context.random())}\n\n`);
      wantExtras();
    },
    get size() {
      return readers.size;
    },
    drain(spreadMs) {
      let number = 0;
      for (const reader of readers)
        pending.push(
          context.clock.after((spreadMs * number++) / readers.size, () => {
            leave(reader);
            reader.exchange.end(200, undefined);
            // Its head promised to keep the connection: nothing else would close it.
            reader.exchange.req.socket.end();
          }),
        );
    },
    stop() {
      for (const cancel of [...pending, ...unlisten]) cancel();
      extra.stop();
      for (const reader of [...readers]) reader.exchange.req.socket.destroy();
    },
  };
}

/** A newline inside the data would end the event: each line gets its own field (HTML, server-sent events). */
function dataLines(data: string): string {
  return data.includes("\n") || data.includes("\r")
    ? `data: ${data.split(/\r\n|\n|\r/).join("\ndata: ")}`
    : `data: ${data}`;
}
