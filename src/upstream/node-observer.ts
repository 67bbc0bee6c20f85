import { createBeaconClient } from "../beacon/beacon-client.ts";
import { createNodeDispatcher } from "../beacon/dispatcher.ts";
import { openEventStream, type StreamEvent } from "../beacon/event-stream.ts";
import { decodeEvent } from "../beacon/events.ts";
import type { Clock } from "../lib/clock.ts";
import type { Fact } from "./facts.ts";
import { limitFacts } from "./limit-facts.ts";
import { observedTopics } from "./observed-topics.ts";
import { createProber, type Prober } from "./prober.ts";
import type { NodeEvent, UpstreamNodeConfig } from "./types.ts";

export interface NodeObserver extends Pick<Prober, "ask" | "lookUp"> {
  reopenStream(why: string): void;
  stop(): Promise<void>;
}

export interface NodeObserverOptions {
  node: UpstreamNodeConfig;
  clock: Clock;
  random: () => number;
  /** The group's slot length once it is known, ms. */
  slotDurationMs: () => number | undefined;
  onFact: (fact: Fact) => void;
  onEvent: (event: NodeEvent) => void;
  onProbe?: ((node: string, probe: string, outcome: string, latencyMs: number) => void) | undefined;
}

/** Watches one beacon node: probes it by the clock and on demand, and keeps its event stream open. Reports facts, judges nothing. */
export function observeNode(options: NodeObserverOptions): NodeObserver {
  const { node, clock } = options;
  const stopping = new AbortController();
  // The health probe has a connection of its own: it must never wait behind a slow answer to something else.
  const healthPool = createNodeDispatcher(node.url, 1);
  const otherPool = createNodeDispatcher(node.url, 2);
  const clientOptions = { url: node.url, name: node.name, headers: node.headers, clock };
  const health = createBeaconClient({ ...clientOptions, dispatcher: healthPool });
  const others = createBeaconClient({ ...clientOptions, dispatcher: otherPool });
  const prober = createProber({ ...options, node: node.name, health, others, signal: stopping.signal });

  const limit = limitFacts(clock, options.onFact);
  const stream = openEventStream({
    ...clientOptions,
    random: options.random,
    topics: observedTopics,
    signal: stopping.signal,
    onEvent: (event) => {
      const fact = toFact(node.name, event);
      // Judge first, so that whoever hears the event finds the view that goes with it.
      if (fact !== undefined) limit.take(fact);
      options.onEvent({ node: node.name, topic: event.topic, data: event.data, receivedAt: event.receivedAt });
    },
    onState: (state) => {
      if (stopping.signal.aborted) return;
      if (state.kind === "open") options.onFact({ kind: "stream-opened", node: node.name });
      if (state.kind === "broken")
        options.onFact({
          kind: "stream-broken",
          node: node.name,
          detail: state.failure.message,
          isAsked: state.isAsked,
        });
    },
  });

  return {
    ask: (probe) => prober.ask(probe),
    lookUp: (root) => prober.lookUp(root),
    reopenStream: (why) => stream.reopen(why),
    async stop() {
      stopping.abort();
      limit.stop();
      await Promise.all([health.close(), others.close(), stream.ended]);
      await Promise.all([healthPool.destroy(), otherPool.destroy()]);
    },
  };
}

function toFact(node: string, event: StreamEvent): Fact | undefined {
  const decoded = decodeEvent(event.topic, event.data);
  switch (decoded.kind) {
    case "head":
      return { kind: "stream-head", node, slot: decoded.slot, root: decoded.root, isOptimistic: decoded.isOptimistic };
    case "finalized_checkpoint":
      return { kind: "stream-finalized", node };
    case "garbage":
      return { kind: "stream-garbage", node, detail: decoded.problem };
    case "block":
    case "chain_reorg":
    case "other":
      return undefined;
  }
}
