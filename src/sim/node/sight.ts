import type { SimChain } from "../chain/types.ts";
import type { NodeView, Sight } from "./types.ts";

/** What an honest node with a full view says. */
export function honestView(branch: string, peers: number): NodeView {
  return {
    branch,
    headSlotLimit: Infinity,
    clockOffsetMs: 0,
    syncClaim: "honest",
    isOptimistic: false,
    elOffline: false,
    peers,
    frozenFinality: undefined,
    network: undefined,
    events: "open",
    hasOldSyncingAnswer: false,
  };
}

/** Makes a view concrete: `blockDelayMs` after its slot's start a block has arrived. */
export function look(chain: SimChain, view: NodeView, nowMs: number, blockDelayMs: number): Sight {
  const slot = chain.slotAt(nowMs + view.clockOffsetMs);
  // A node whose clock is behind does not take blocks from its future.
  const inTime = Math.min(chain.slotAt(nowMs - blockDelayMs), slot, view.headSlotLimit);
  const arrived = isStillAway(inTime) ? inTime - 1 : inTime;
  const head = chain.headAt(arrived, chain.visibleBranch(arrived, view.branch));
  const distance = Math.max(0, slot - head.slot);
  const isSyncing =
    view.syncClaim === "syncing" || (view.syncClaim === "honest" && distance > Math.max(chain.slotsPerEpoch, 4));
  return {
    view,
    slotsPerEpoch: chain.slotsPerEpoch,
    slot,
    head,
    state: view.frozenFinality ?? chain.stateAt(head, Math.max(head.slot, Math.min(slot, arrived))),
    isSyncing,
    syncDistance: view.syncClaim === "synced" ? 0 : distance,
  };

  /** A block that its proposer was late with, before it comes. */
  function isStillAway(at: number): boolean {
    const { lateMs } = chain.blockAt(at, chain.visibleBranch(at, view.branch)) ?? {};
    return lateMs !== undefined && nowMs < chain.startOfSlot(at) + lateMs;
  }
}
