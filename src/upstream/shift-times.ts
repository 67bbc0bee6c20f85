import type { GroupState, NodeState } from "./state.ts";

/**
 * The state after the wall clock was stepped by `deltaMs` (NTP, a resumed machine): every remembered instant moves with it,
 * so that all durations stay what they were. Without this a step back would freeze doubts until the clock caught up.
 */
export function shiftTimes(state: GroupState, deltaMs: number): GroupState {
  const shift = (at: number | undefined) => (at === undefined ? undefined : at + deltaMs);
  const shiftNode = (node: NodeState): NodeState => ({
    ...node,
    head: node.head && { ...node.head, seenAt: node.head.seenAt + deltaMs },
    finalityAskedAt: shift(node.finalityAskedAt),
    zeroPeersSince: shift(node.zeroPeersSince),
    streamLagsSince: shift(node.streamLagsSince),
    garbage: node.garbage && { ...node.garbage, at: node.garbage.at + deltaMs },
    lastSeenAt: shift(node.lastSeenAt),
    suspicion: node.suspicion && { ...node.suspicion, at: node.suspicion.at + deltaMs },
    callTroubleAt: node.callTroubleAt.map((at) => at + deltaMs),
    behindSince: shift(node.behindSince),
    aloneSince: shift(node.aloneSince),
    readmittedAt: shift(node.readmittedAt),
    unreadySince: shift(node.unreadySince),
    sinceAt: node.sinceAt + deltaMs,
  });
  return {
    ...state,
    startedAt: state.startedAt + deltaMs,
    nodes: state.nodes.map(shiftNode),
    network: state.network && { ...state.network, sinceAt: state.network.sinceAt + deltaMs },
    firstSeen: state.firstSeen.map((each) => ({ ...each, at: each.at + deltaMs })),
    sharedLag: state.sharedLag && { ...state.sharedLag, sinceAt: state.sharedLag.sinceAt + deltaMs },
  };
}
