import { openEventStream, type StreamState } from "../../beacon/event-stream.ts";
import type { GroupContext } from "../context.ts";
import { planTopics } from "./topic-plan.ts";
import { everySlotTopics } from "./topics.ts";

/** Upstream streams for topics that only some clients want: opened on demand, moved when their node fails. */
export interface ExtraStreams {
  /** Says which topics are wanted now; opens and closes streams as needed. */
  want(topics: ReadonlySet<string>): void;
  /** The ready nodes, an address or the head have changed: streams move where their node is no longer fit. */
  followView(): void;
  stop(): void;
}

interface Open {
  node: string;
  address: string;
  topics: readonly string[];
  abort: AbortController;
  /** Heads of the view since its last event. */
  quietHeads: number;
}

/** How long a node that broke off or kept silent is passed over, and for how long it is believed not to know a topic, ms. */
const failedMs = 15_000;
const refusedMs = 300_000;
const maxQuietHeads = 3;

type Hear = (node: string, topic: string, data: string) => void;

export function createExtraStreams(context: GroupContext, onEvent: Hear): ExtraStreams {
  const { clock } = context;
  let wanted: readonly string[] = [];
  let open: Open[] = [];
  let headRoot: string | undefined;
  const failedUntil = new Map<string, number>();
  const refusedUntil = new Map<string, number>();
  let isUpdating = false;

  const isPast = (until: number | undefined) => until === undefined || until <= clock.monotonic();

  function update(): void {
    // A stream may fail while it is being opened; what that changes is looked at when this round is over.
    if (isUpdating) return;
    isUpdating = true;
    const view = context.upstream.view();
    const nodes = view.ready.length > 0 ? view.ready : view.fallback;
    const plan = planTopics({
      wanted,
      // With nobody to turn to, a stream that still runs is better than none.
      nodes: nodes.length > 0 ? nodes : [...new Set(open.map(({ node }) => node))],
      open,
      isRefused: (node, topic) => !isPast(refusedUntil.get(`${node} ${topic}`)),
      hasFailed: (node) => !isPast(failedUntil.get(node)),
    });
    for (const stream of open) {
      const isThere = context.links.get(stream.node)?.address === stream.address;
      const isUsed = plan.get(stream.node)?.some((topic) => stream.topics.includes(topic)) === true;
      if (!isThere || !isUsed) close(stream);
    }
    for (const [node, topics] of plan) {
      const missing = topics.filter((topic) => !open.some((one) => one.node === node && one.topics.includes(topic)));
      const known = missing.filter((topic) => !isDoubted(node, topic));
      if (known.length > 0) start(node, known);
      for (const topic of missing) if (isDoubted(node, topic)) start(node, [topic]);
    }
    isUpdating = false;
  }

  /** Was it refused together with others? Then it is asked for alone, so that one strange topic does not cost the rest. */
  function isDoubted(node: string, topic: string): boolean {
    return doubted.get(node)?.has(topic) === true;
  }
  const doubted = new Map<string, Set<string>>();

  function close(stream: Open): void {
    open = open.filter((other) => other !== stream);
    stream.abort.abort();
  }

  function start(node: string, topics: readonly string[]): void {
    const link = context.links.get(node);
    if (!link) return;
    const stream: Open = { node, address: link.address, topics, abort: new AbortController(), quietHeads: 0 };
    open.push(stream);
    const reading = openEventStream({
      url: link.address,
      name: node,
      topics,
      headers: link.node.headers,
      clock,
      random: context.random,
      signal: stream.abort.signal,
      onEvent: (event) => {
        stream.quietHeads = 0;
        if (topics.includes(event.topic)) onEvent(node, event.topic, event.data);
      },
      onState: (state) => {
        if (!stream.abort.signal.aborted) onState(stream, state);
      },
    });
    reading.ended.catch((error: unknown) => context.log.warn({ err: error, node }, "an extra event stream ended"));
  }

  function onState(stream: Open, state: StreamState): void {
    switch (state.kind) {
      case "connecting":
        return;
      case "open":
        // It took fewer than it was asked for: the rest is asked for one by one.
        if (state.topics.length < stream.topics.length) refuse(stream);
        return;
      case "failed":
        if (state.failure.kind === "status" && (state.failure.status ?? 0) < 500) return refuse(stream);
        return fail(stream, state.failure.message);
      case "broken":
        return fail(stream, state.failure.message);
    }
  }

  function refuse(stream: Open): void {
    const [topic] = stream.topics;
    if (stream.topics.length > 1)
      doubted.set(stream.node, new Set([...(doubted.get(stream.node) ?? []), ...stream.topics]));
    else refusedUntil.set(`${stream.node} ${topic ?? ""}`, clock.monotonic() + refusedMs);
    close(stream);
    update();
  }

  function fail(stream: Open, why: string): void {
    context.log.debug({ node: stream.node, topics: stream.topics, why }, "an extra event stream moves");
    failedUntil.set(stream.node, clock.monotonic() + failedMs);
    const others = context.upstream.view().ready.filter((node) => isPast(failedUntil.get(node)));
    // With nobody to move to, the stream itself goes on trying.
    if (others.length === 0) return;
    for (const one of open.filter(({ node }) => node === stream.node)) close(one);
    update();
  }

  function countQuietHeads(): void {
    const root = context.upstream.view().head?.root;
    if (root === headRoot) return;
    headRoot = root;
    for (const stream of open.slice()) {
      if (!stream.topics.some((topic) => everySlotTopics.has(topic))) continue;
      if (++stream.quietHeads > maxQuietHeads) {
        stream.quietHeads = 0;
        fail(stream, `no event for ${maxQuietHeads} heads`);
      }
    }
  }

  return {
    want(topics) {
      const next = [...topics].sort();
      if (next.join() === wanted.join()) return;
      wanted = next;
      update();
    },
    followView() {
      if (wanted.length === 0) return;
      countQuietHeads();
      update();
    },
    stop() {
      wanted = [];
      for (const stream of open.slice()) close(stream);
    },
  };
}
