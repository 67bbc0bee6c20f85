import type { BlockRef } from "../chain/types.ts";
import { isLessPreferred } from "./readmission.ts";
import type { NodeState } from "./state.ts";
import { isOptimistic } from "./sync-check.ts";
import type { Network } from "./types.ts";

/** Signing inputs come from nodes at most so many slots behind. */
const maxSigningLagSlots = 8;

const bucketBoundsMs = [100, 400, 1600];

/** A coarse class of latency, moved to a better one only well below its bound, so that noise does not reorder nodes. */
export function bucketOf(latencyMs: number, previous: number): number {
  const raw = bucketBoundsMs.filter((bound) => latencyMs >= bound).length;
  if (raw >= previous) return raw;
  const bound = bucketBoundsMs[previous - 1] ?? 0;
  return latencyMs < bound * 0.5 ? raw : previous;
}

/** Best first: stable before lately returned, on the view's head before behind it, then priority, latency, order of the config. */
export function orderReady(
  nodes: readonly NodeState[],
  head: (BlockRef & { knownSince: number }) | undefined,
  network: Network,
  now: number,
): NodeState[] {
  const graceMs = network.spec.slotDurationMs / 4;
  const isHeadSettled = head !== undefined && now - head.knownSince >= graceMs;
  const rank = (node: NodeState) => [
    isLessPreferred(node, network, now) ? 1 : 0,
    isHeadSettled && node.head !== undefined && node.head.slot < head.slot ? 1 : 0,
    node.config.priority,
    node.latencyBucket,
  ];
  return nodes
    .map((node) => ({ node, rank: rank(node) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ node }) => node);
}

/**
 * Those of `nodes` that may serve: active ones, and where there is none, draining ones. A node on its way out serves on
 * while no other can, because until it has gone it is better than no answer.
 */
export function inService<T>(nodes: readonly T[], stateOf: (each: T) => NodeState): T[] {
  const active = nodes.filter((each) => stateOf(each).operator === "active");
  return active.length > 0 ? active : nodes.filter((each) => stateOf(each).operator === "draining");
}

const badness: Readonly<Record<NodeState["verdict"]["health"], number>> = {
  ready: 0,
  warming: 1,
  suspect: 2,
  syncing: 3,
  unknown: 4,
  down: 5,
};

/** With nobody ready: who may still answer reads, least bad first. Never a node that is down or on another network. */
export function orderFallback(nodes: readonly NodeState[]): NodeState[] {
  const able = nodes.filter(
    (node) => node.verdict.health !== "down" && node.syncing !== undefined && isNetworkKnown(node),
  );
  return inService(able, (node) => node)
    .map((node) => ({
      node,
      rank: [
        badness[node.verdict.health],
        node.verdict.reason === "minority-branch" ? 1 : 0,
        isOptimistic(node) === false ? 0 : 1,
        node.syncing?.syncDistance ?? node.headLagSlots ?? 0,
        node.config.priority,
      ],
    }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ node }) => node);
}

/** Who may serve signing inputs, best first: not optimistic, at most eight slots behind, on the served branch, not down. */
export function orderSigning(ready: readonly NodeState[], others: readonly NodeState[]): NodeState[] {
  const allowed = (node: NodeState) =>
    (node.operator === "active" || node.operator === "draining") &&
    node.verdict.health !== "down" &&
    node.verdict.reason !== "minority-branch" &&
    node.verdict.reason !== "head-in-future" &&
    isNetworkKnown(node) &&
    isOptimistic(node) === false &&
    node.syncing !== undefined &&
    node.headLagSlots !== undefined &&
    node.headLagSlots <= maxSigningLagSlots;
  const isSpare = (node: NodeState) => !ready.includes(node) && (node.operator === "active" || ready.length === 0);
  return [...ready.filter(allowed), ...orderFallback(others.filter((node) => isSpare(node) && allowed(node)))];
}

function isNetworkKnown(node: NodeState): boolean {
  return node.verdict.reason !== "network-not-agreed" && node.verdict.reason !== "network-unreadable";
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
