import { slotAt, slotStartAt } from "../chain/slot-clock.ts";
import type { GroupState, NodeState } from "./state.ts";
import type { Network } from "./types.ts";

/** Differences up to here are usual: `Date` has whole seconds, and calls take time. */
const clockToleranceMs = 2000;
/** How near to each other the nodes' clocks must be for all of them to speak against ours. */
const agreementMs = 2000;

export interface ClockJudgement {
  /** Add to our clock to get the time that the nodes agree on; 0 while ours is not in doubt. */
  offsetMs: number;
  /** What speaks against our clock. */
  detail: string | undefined;
  sharedLag: GroupState["sharedLag"];
}

/**
 * Suspects our own clock when every node is off from it by the same time: by their `Date` headers, by heads of slots
 * that have not begun here, or by live heads that all lag by the same number of slots for two slots.
 */
export function judgeOwnClock(
  nodes: readonly NodeState[],
  network: Network,
  previousLag: GroupState["sharedLag"],
  now: number,
): ClockJudgement {
  const answering = nodes.filter((node) => node.failures === 0 && node.lastSeenAt !== undefined);
  const offsets = answering.flatMap((node) => (node.clockOffsetMs === undefined ? [] : [node.clockOffsetMs]));
  if (offsets.length > 0 && offsets.length === answering.length) {
    const low = Math.min(...offsets);
    const high = Math.max(...offsets);
    const isOff = (low > clockToleranceMs || high < -clockToleranceMs) && high - low <= agreementMs;
    if (isOff) {
      const offsetMs = Math.round((low + high) / 2);
      return {
        offsetMs,
        detail: `all nodes' clocks differ from ours by ${(offsetMs / 1000).toFixed(1)} s`,
        sharedLag: undefined,
      };
    }
  }

  const slotMs = network.spec.slotDurationMs;
  const wallSlot = slotAt(network, now);
  const slots = answering.flatMap((node) => (node.syncing === undefined ? [] : [headSlotOf(node)]));
  const lowestHead = slots.length === 0 ? undefined : Math.min(...slots);
  // Before genesis every head is the genesis block: that says nothing about the time.
  if (lowestHead !== undefined && lowestHead > 0 && lowestHead > slotAt(network, now + futureToleranceMs(slotMs))) {
    // The earliest time at which these heads can exist is the start of their slot.
    const offsetMs = slotStartAt(network, lowestHead) - now;
    return {
      offsetMs,
      detail: `all nodes' heads are ${lowestHead - wallSlot} slots ahead of our clock`,
      sharedLag: undefined,
    };
  }

  const lag = liveLag(answering, wallSlot, slotMs, now);
  if (lag === undefined) return { offsetMs: 0, detail: undefined, sharedLag: undefined };
  const isSame = previousLag !== undefined && Math.abs(previousLag.slots - lag) <= 1;
  const sharedLag = isSame ? previousLag : { slots: lag, sinceAt: now };
  if (now - sharedLag.sinceAt < 2 * slotMs) return { offsetMs: 0, detail: undefined, sharedLag };
  return {
    offsetMs: -sharedLag.slots * slotMs,
    detail: `all nodes' live heads are ${lag} slots behind our clock`,
    sharedLag,
  };
}

/** Clocks may differ a little: a head is in the future only beyond this. */
export function futureToleranceMs(slotDurationMs: number): number {
  return Math.min(1000, slotDurationMs / 4);
}

export function headSlotOf(node: NodeState): number {
  return Math.max(node.head?.slot ?? 0, node.syncing?.headSlot ?? 0);
}

/** The lag that all nodes share while their heads keep coming: at least two slots, equal within one. */
function liveLag(nodes: readonly NodeState[], wallSlot: number, slotMs: number, now: number): number | undefined {
  const heads = nodes.flatMap((node) =>
    node.head === undefined || node.syncing?.isSyncing !== false ? [] : [node.head],
  );
  if (heads.length === 0 || heads.length < nodes.length) return undefined;
  if (heads.some((head) => now - head.seenAt > 1.5 * slotMs)) return undefined;
  const lags = heads.map((head) => wallSlot - head.slot);
  const low = Math.min(...lags);
  return low >= 2 && Math.max(...lags) - low <= 1 ? low : undefined;
}
