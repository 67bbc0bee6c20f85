import type { NodeState, Verdict } from "./state.ts";

/**
 * Is the node in sync by its own words? A flag that the node leaves out is unknown, and unknown is not green: without
 * `is_syncing` and `is_optimistic` it is not used. `el_offline` is younger than many nodes in the field, so its absence
 * shows as unknown but does not evict.
 */
export function checkSynced(node: NodeState): Verdict | undefined {
  const { syncing } = node;
  if (syncing === undefined) return { health: "unknown", reason: "not-probed-yet", detail: "" };
  if (syncing.isSyncing === true)
    return {
      health: "syncing",
      reason: "is-syncing",
      detail: syncing.syncDistance === undefined ? "" : `${syncing.syncDistance} slots to go`,
    };
  if (syncing.elOffline === true) return { health: "suspect", reason: "el-offline", detail: "" };
  if (isOptimistic(node) === true)
    return { health: "syncing", reason: "is-optimistic", detail: `head slot ${syncing.headSlot}` };
  if (syncing.isSyncing === undefined)
    return { health: "unknown", reason: "sync-state-unknown", detail: "is_syncing is missing" };
  if (isOptimistic(node) === undefined)
    return { health: "unknown", reason: "sync-state-unknown", detail: "is_optimistic is missing" };
  return undefined;
}

/** Optimistic by `node/syncing`, or by the node's answers about its head where that leaves the flag out. */
export function isOptimistic(node: NodeState): boolean | undefined {
  return node.syncing?.isOptimistic ?? node.head?.isOptimistic;
}
