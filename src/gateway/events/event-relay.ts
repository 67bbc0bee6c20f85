import type { Cancel } from "../../lib/clock.ts";
import { createFairShare } from "../clients/fair-share.ts";
import type { GroupContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { createEventBudget } from "./event-budget.ts";
import { createExtraStreams } from "./extra-streams.ts";
import { createHeadGate } from "./head-gate.ts";
import { createMissingHead } from "./missing-head.ts";
import { createReaders, type Reader } from "./readers.ts";
import { createSeenEvents } from "./seen-events.ts";
import { readTopics, topicKind, type TopicKind } from "./topics.ts";

/** The virtual event stream: clients stay connected while the nodes beneath come and go. */
export interface EventRelay {
  /** Opens a stream for a client. */
  serve(exchange: Exchange): void;
  readonly size: number;
  /** Closes the streams one after the other over `spreadMs`, so that clients do not all come back at once. */
  drain(spreadMs: number): void;
  /** A node has left the ready ones or is reached by another address: streams of our own move. */
  followView(): void;
  stop(): void;
}

export function createEventRelay(context: GroupContext): EventRelay {
  const { upstream, settings, counters, clock } = context;
  const readers = createReaders(context);
  const seen = createSeenEvents();
  const gate = createHeadGate();
  const budget = createEventBudget();
  // The last quarter of the places is for clients that hold few.
  const places = createFairShare(
    2,
    () => Math.ceil(settings.maxEventStreams * 0.75),
    () => Infinity,
  );
  const pending: Cancel[] = [];
  let isDraining = false;
  let warnAt = -Infinity;
  const extra = createExtraStreams(context, onEvent);
  const missing = createMissingHead(context, gate, readers.tell);
  gate.onView(upstream.view().head);

  function onEvent(node: string, topic: string, data: string): void {
    const kind = topicKind(topic);
    if (kind === undefined || (kind !== "head" && !readers.has(topic))) return;
    if (!budget.spend(node, kind, data.length, clock.monotonic())) return drop(node, topic);
    if (kind === "head" || topic === "head_v2") {
      const now = gate.onHeadEvent(topic, data);
      if (now !== undefined) readers.tell(topic, now);
    } else if (isFromView(node) && isNew(kind, topic, data)) readers.tell(topic, data);
  }

  function isNew(kind: TopicKind, topic: string, data: string): boolean {
    return kind === "single-node" ? seen.isNewText(topic, data) : seen.isNew(topic, data);
  }

  function drop(node: string, topic: string): void {
    counters.eventsDropped++;
    const now = clock.monotonic();
    if (now < warnAt) return;
    warnAt = now + 60_000;
    context.log.warn({ node, topic }, "a node sends more events than any honest node does: some are dropped");
  }

  /** A node off the branch tells of blocks and reorgs that clients of this view must not act upon. */
  function isFromView(node: string): boolean {
    const { ready } = upstream.view();
    return ready.length === 0 || ready.includes(node);
  }

  const unlisten = [
    upstream.onEvent((event) => onEvent(event.node, event.topic, event.data)),
    upstream.onView((view) => {
      if (view.kind !== "split") for (const { topic, data } of gate.onView(view.head)) readers.tell(topic, data);
      if (readers.has("head")) missing.watch();
      extra.followView();
      budget.keep(new Set(context.links.keys()));
    }),
    clock.every(settings.eventHeartbeatMs, () => readers.heartbeat()),
  ];

  function wantExtras(): void {
    const wanted = readers.topics().filter((topic) => {
      const kind = topicKind(topic);
      return kind === "everywhere" || kind === "single-node";
    });
    extra.want(new Set(wanted));
  }

  function leave(reader: Reader): void {
    if (!readers.remove(reader)) return;
    counters.streams = readers.size;
    wantExtras();
  }

  return {
    serve(exchange) {
      const asked = readTopics(exchange.target);
      // The one refusal that no retry can cure: a request that names nothing that could ever be a topic.
      if (asked.length === 0) return exchange.fail(400, "topics-missing");
      if (isDraining) return exchange.fail(503, "draining");
      const view = upstream.view();
      // Never 400 or 500 here: some clients take those for final and listen no more.
      if (view.kind === "none" || view.ready.length + view.fallback.length === 0) return exchange.fail(503, "no-node");
      if (readers.size >= settings.maxEventStreams || !places.enter(exchange.identity))
        return exchange.fail(503, "overloaded", "event streams");
      exchange.place = places;
      exchange.head(
        200,
        { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" },
        undefined,
      );
      if (exchange.isHead) return exchange.end(200, undefined);
      // A topic of a fork to come is dropped, not refused: its client hears the others.
      const topics = asked.filter((topic) => topicKind(topic) !== undefined);
      const reader: Reader = { exchange, topics };
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
      isDraining = true;
      const all = [...readers.all()];
      all.forEach((reader, index) =>
        pending.push(
          clock.after((spreadMs * index) / all.length, () => {
            leave(reader);
            reader.exchange.end(200, undefined);
            // Its head promised to keep the connection: nothing else would close it.
            reader.exchange.req.socket.end();
          }),
        ),
      );
    },
    followView: () => extra.followView(),
    stop() {
      for (const cancel of [...pending, ...unlisten]) cancel();
      missing.stop();
      extra.stop();
      for (const reader of [...readers.all()]) reader.exchange.req.socket.destroy();
    },
  };
}
