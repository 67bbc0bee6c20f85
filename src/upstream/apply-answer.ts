import { epochAtSlot } from "../chain/slot-clock.ts";
import { addBlock } from "./ancestry.ts";
import type { Applied } from "./apply-fact.ts";
import type { Fact, Wanted } from "./facts.ts";
import { bucketOf } from "./selection.ts";
import { withNode, type GroupState, type NodeState } from "./state.ts";

/** So long an API may lag behind its own event stream. */
const apiLagMs = 1000;

/** Writes the answer of a probe into the state. */
export function applyAnswer(
  state: GroupState,
  node: NodeState,
  fact: Extract<Fact, { kind: "answer" }>,
  now: number,
): Applied {
  const name = node.config.name;
  const wanted: Wanted[] = [];
  const { answer } = fact;
  const alive: Partial<NodeState> = { lastSeenAt: now };
  const set = (changes: Partial<NodeState>) => withNode(state, { ...node, ...alive, ...changes });

  switch (answer.probe) {
    case "syncing": {
      if (node.failures > 0 || node.syncing === undefined) wanted.push(...rereads(name));
      const { status } = answer;
      // The node is back: its stream need not wait out its backoff.
      if (node.failures > 0 && !node.isStreamOpen)
        wanted.push({ kind: "reopen-stream", node: name, why: "the node answers again" });
      // Also for a node whose stream is open: a stream may be half open while the node goes on.
      if (status.headSlot !== node.head?.slot) wanted.push({ kind: "probe", node: name, probe: "head" });
      // Whoever was late has answered after all; every other doubt needs an answer to a question asked since.
      const isDoubtOlder =
        node.suspicion !== undefined && (node.suspicion.at <= fact.askedAt || node.suspicion.reason === "slow-answer");
      const isTroubled = node.callTroubleAt.length >= 3 && now - (node.callTroubleAt.at(-1) ?? 0) < 10_000;
      const clears = isDoubtOlder && !(isTroubled && node.suspicion?.reason === "call-failed");
      // Slow on purpose: a busy second must not change which node is first.
      const mean =
        node.meanLatencyMs === undefined ? fact.latencyMs : node.meanLatencyMs * 0.95 + fact.latencyMs * 0.05;
      return {
        state: set({
          syncing: status,
          failures: 0,
          failure: undefined,
          suspicion: clears ? undefined : node.suspicion,
          latencyMs: fact.latencyMs,
          meanLatencyMs: mean,
          latencyBucket: bucketOf(mean, node.latencyBucket),
          // `Date` has whole seconds: half a second on is the best guess.
          clockOffsetMs: fact.serverTimeAt === undefined ? undefined : fact.serverTimeAt + 500 - now,
          streamLagsSince: streamLag(node, status.headSlot, now),
        }),
        wanted,
      };
    }
    case "version":
      return { state: set({ version: answer.version, executionClient: answer.executionClient }), wanted };
    case "peers":
      return {
        state: set({
          peers: answer.connected,
          zeroPeersSince: answer.connected > 0 ? undefined : (node.zeroPeersSince ?? now),
          usualPeers: Math.max(answer.connected, node.usualPeers * 0.999),
        }),
        wanted,
      };
    case "genesis":
      return { state: set({ genesis: answer.genesis, networkProblem: undefined }), wanted };
    case "spec":
      return { state: set({ spec: answer.spec, networkProblem: undefined }), wanted };
    case "forks":
      return { state: set({ forks: answer.forks }), wanted };
    case "head": {
      const { header } = answer;
      const isNew = node.head?.root !== header.root;
      // An answer that was asked for before the stream told of a newer head must not take the head back.
      const isOlder = isNew && node.head !== undefined && node.head.seenAt > fact.askedAt;
      // A node may tell of a head a moment before its API has it.
      const isBehindStream =
        node.isStreamOpen && header.slot < (node.head?.slot ?? 0) && now - (node.head?.seenAt ?? 0) < apiLagMs;
      const isStale = isOlder || isBehindStream;
      const next = isStale
        ? set({})
        : set({
            head: {
              slot: header.slot,
              root: header.root,
              isOptimistic: answer.isOptimistic,
              seenAt: isNew ? now : (node.head?.seenAt ?? now),
            },
          });
      const spec = state.network?.spec;
      if (spec !== undefined && node.finalityAtEpoch !== epochAtSlot(spec, header.slot))
        wanted.push({ kind: "probe", node: name, probe: "finality" });
      return { state: { ...next, ancestry: addBlock(state.ancestry, header) }, wanted };
    }
    case "header":
      return { state: { ...set({}), ancestry: addBlock(state.ancestry, answer.header) }, wanted };
    case "finality": {
      const spec = state.network?.spec;
      const finalityAtEpoch =
        spec === undefined || node.head === undefined ? undefined : epochAtSlot(spec, node.head.slot);
      return { state: set({ finality: answer.finality, finalityAtEpoch, finalityAskedAt: fact.askedAt }), wanted };
    }
  }
}

/** Everything that a restart or another machine behind the same address may have changed. */
function rereads(node: string): Wanted[] {
  return (["genesis", "spec", "forks", "version", "peers", "head", "finality"] as const).map((probe) => ({
    kind: "probe",
    node,
    probe,
  }));
}

function streamLag(node: NodeState, headSlot: number, now: number): number | undefined {
  if (!node.isStreamOpen) return undefined;
  const isBehind = headSlot > (node.streamHeadSlot ?? headSlot);
  return isBehind ? (node.streamLagsSince ?? now) : undefined;
}
