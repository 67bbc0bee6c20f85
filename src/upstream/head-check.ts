import type { Belief } from "./head-belief.ts";
import { headSlotOf } from "./own-clock.ts";
import type { NodeState, Verdict } from "./state.ts";
import type { Network } from "./types.ts";

/** A node more than so many slots behind the reference is behind; one or two are a late block. */
const maxLagSlots = 2;

/** Keeps the times since when a node has been behind, or alone with its head. */
export function trackHead(
  node: NodeState,
  belief: Belief,
  candidates: readonly NodeState[],
  wallSlot: number,
  servedHeadSlot: number,
  now: number,
): NodeState {
  if (node.syncing === undefined && node.head === undefined) return { ...node, headLagSlots: undefined };
  // The specification calls `head_slot` the slot that the node is trying to reach: the block that it shows counts.
  const headSlot = node.head?.slot ?? headSlotOf(node);
  // A chain without a single block is not behind: its head is the genesis block, whatever the time. A node that was
  // wiped stands there too: this group has served later heads, or the node itself says that it is syncing.
  const hasBegun = headSlot > 0 || servedHeadSlot > 0 || candidates.some((each) => headSlotOf(each) > 0);
  const headLagSlots = hasBegun || node.syncing?.isSyncing === true ? Math.max(0, wallSlot - headSlot) : 0;
  const isBehind = belief.referenceSlot !== undefined && belief.referenceSlot - headSlot > maxLagSlots;
  const isCandidate = candidates.some((each) => each.config.name === node.config.name);
  const isAlone =
    isCandidate && candidates.length > 2 && node.head !== undefined && !belief.believed.has(node.config.name);
  return {
    ...node,
    headLagSlots,
    behindSince: isBehind ? (node.behindSince ?? now) : undefined,
    aloneSince: isAlone ? (node.aloneSince ?? now) : undefined,
  };
}

/** The head row of the health table for a node that is in sync by its own words. */
export function checkHead(
  node: NodeState,
  belief: Belief,
  candidates: readonly NodeState[],
  latestSlot: number,
  network: Network,
  now: number,
): Verdict | undefined {
  const headSlot = headSlotOf(node);
  const slotMs = network.spec.slotDurationMs;
  if (headSlot > 0 && headSlot > latestSlot)
    return { health: "suspect", reason: "head-in-future", detail: `head slot ${headSlot}, now is slot ${latestSlot}` };
  // A third of a slot of grace: after a run of empty slots one late block looks like many slots of lag.
  if (node.behindSince !== undefined && now - node.behindSince >= slotMs / 3)
    return {
      health: "suspect",
      reason: "head-behind",
      detail: `head ${(belief.referenceSlot ?? headSlot) - headSlot} slots behind the other nodes`,
    };
  const others = candidates.filter(
    (each) => each.config.name !== node.config.name && belief.believed.has(each.config.name),
  );
  if (node.aloneSince !== undefined && now - node.aloneSince >= 2 * slotMs && others.length > 0)
    return {
      health: "suspect",
      reason: "head-uncorroborated",
      detail: `head slot ${headSlot}, root ${node.head?.root.slice(0, 10) ?? "unknown"}`,
    };
  return undefined;
}
