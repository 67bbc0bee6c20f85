import type { NodeState } from "./state.ts";
import type { Network } from "./types.ts";

/** How long a node that came back must be stable before it is preferred again. */
const stableEpochs = 2;

/**
 * Is the node less preferred, because it came back lately? For two epochs from readmission, and for as long as its peers
 * are under half of what is usual for it. Nodes that were ready from the start are never so.
 */
export function isLessPreferred(node: NodeState, network: Network | undefined, now: number): boolean {
  if (node.readmittedAt === undefined || network === undefined) return false;
  const stableMs = stableEpochs * network.spec.slotsPerEpoch * network.spec.slotDurationMs;
  if (now - node.readmittedAt < stableMs) return true;
  return node.peers !== undefined && node.usualPeers >= 2 && node.peers < node.usualPeers / 2;
}

/**
 * Follows a node's way out of and into readiness. `isReady` is this judgement's; what comes back:
 * a node that was down must be replayed to before it serves (`needsGate`), and one that was away for more than a slot
 * starts its stable time anew. Nothing warms up before the group has served for the first time.
 */
export function trackReadiness(
  node: NodeState,
  isReady: boolean,
  isDown: boolean,
  isDoubtOnly: boolean,
  hasServed: boolean,
  slotMs: number,
  now: number,
): Pick<NodeState, "needsGate" | "readmittedAt" | "unreadySince"> {
  if (!hasServed) return { needsGate: false, readmittedAt: undefined, unreadySince: undefined };
  if (!isReady)
    return {
      needsGate: node.needsGate || isDown,
      readmittedAt: node.readmittedAt,
      // A node that answers its probes was never away, however long the doubt lasts.
      unreadySince: node.unreadySince ?? (isDoubtOnly ? undefined : now),
    };
  const wasAway = node.unreadySince !== undefined && now - node.unreadySince > slotMs;
  return { needsGate: node.needsGate, readmittedAt: wasAway ? now : node.readmittedAt, unreadySince: undefined };
}
