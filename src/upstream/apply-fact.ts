import { epochAtSlot } from "../chain/slot-clock.ts";
import { applyAnswer } from "./apply-answer.ts";
import { applyCall } from "./apply-call.ts";
import type { Fact, Wanted } from "./facts.ts";
import { withNode, type GroupState, type NodeState } from "./state.ts";

export interface Applied {
  state: GroupState;
  wanted: Wanted[];
}

/** Writes a fact into the state, and says what it makes worth asking. Judges nothing. */
export function applyFact(state: GroupState, fact: Fact, now: number): Applied {
  if (fact.kind === "tick") return { state, wanted: [] };
  if (fact.kind === "branch-chosen") return { state: { ...state, choice: fact.choice }, wanted: [] };
  const name = fact.kind === "call" ? fact.observation.node : fact.node;
  const node = state.nodes.find((each) => each.config.name === name);
  if (node === undefined) return { state, wanted: [] };
  const wanted: Wanted[] = [];
  const set = (changes: Partial<NodeState>) => withNode(state, { ...node, ...changes });
  const probe = () => wanted.push({ kind: "probe", node: name, probe: "syncing" });

  switch (fact.kind) {
    case "answer":
      return applyAnswer(state, node, fact, now);
    case "probe-slow":
      return {
        state: set({ suspicion: node.suspicion ?? { reason: "slow-answer", detail: "node/syncing is late", at: now } }),
        wanted,
      };
    case "probe-failed": {
      if (fact.probe === "genesis" || fact.probe === "spec")
        return { state: set({ networkProblem: fact.failure.message }), wanted };
      if (fact.probe !== "syncing") return { state, wanted };
      if (node.failures === 0) probe();
      return { state: set({ failures: node.failures + 1, failure: fact.failure }), wanted };
    }
    case "stream-opened":
      return {
        state: set({
          isStreamOpen: true,
          streamLagsSince: undefined,
          // What the node had when the stream opened is not the stream's to tell.
          streamHeadSlot: Math.max(node.head?.slot ?? 0, node.syncing?.headSlot ?? 0),
        }),
        wanted,
      };
    case "stream-broken": {
      const closed: Partial<NodeState> = { isStreamOpen: false, streamLagsSince: undefined };
      if (fact.isAsked) return { state: set(closed), wanted };
      probe();
      return {
        state: set({ ...closed, suspicion: { reason: "stream-broken", detail: fact.detail, at: now } }),
        wanted,
      };
    }
    case "stream-head":
      return applyStreamHead(state, node, fact, now);
    case "stream-garbage":
      return { state: set({ garbage: { detail: fact.detail, at: now } }), wanted };
    case "stream-finalized":
      wanted.push({ kind: "probe", node: name, probe: "finality" });
      return { state, wanted };
    case "call":
      return applyCall(state, node, fact.observation, now);
    case "suspected":
      // A late call proves nothing yet, least of all on a loaded machine: the probe decides, within half a second.
      probe();
      return { state, wanted };
    case "operator":
      // In maintenance it was told nothing: what clients said meanwhile is replayed before it serves again.
      return {
        state: set({
          operator: fact.operator,
          ...(node.operator === "maintenance" && fact.operator !== "maintenance" && state.hasServed
            ? { needsGate: true }
            : {}),
        }),
        wanted,
      };
    case "gate-finished":
      return {
        state: set({ needsGate: false, isJoining: false, readmittedAt: node.isJoining ? node.readmittedAt : now }),
        wanted,
      };
  }
}

/** At most this many recent head roots are remembered for head delays. */
const firstSeenKept = 16;

function applyStreamHead(
  state: GroupState,
  node: NodeState,
  fact: Extract<Fact, { kind: "stream-head" }>,
  now: number,
): Applied {
  const wanted: Wanted[] = [];
  const seen = state.firstSeen.find((each) => each.root === fact.root);
  const delays =
    node.head?.root === fact.root ? node.headDelays : [...node.headDelays, now - (seen?.at ?? now)].slice(-32);
  const head = {
    slot: fact.slot,
    root: fact.root,
    isOptimistic: fact.isOptimistic,
    seenAt: node.head?.root === fact.root ? node.head.seenAt : now,
  };
  if (!state.ancestry.has(fact.root)) wanted.push({ kind: "header", node: node.config.name, root: fact.root });
  const spec = state.network?.spec;
  if (spec !== undefined && node.finalityAtEpoch !== epochAtSlot(spec, fact.slot))
    wanted.push({ kind: "probe", node: node.config.name, probe: "finality" });
  const next = withNode(state, {
    ...node,
    head,
    headDelays: delays,
    lastSeenAt: now,
    streamHeadSlot: fact.slot,
    streamLagsSince: undefined,
  });
  if (seen !== undefined) return { state: next, wanted };
  return {
    state: { ...next, firstSeen: [...state.firstSeen, { root: fact.root, at: now }].slice(-firstSeenKept) },
    wanted,
  };
}
