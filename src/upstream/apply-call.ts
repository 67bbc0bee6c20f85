import type { Applied } from "./apply-fact.ts";
import type { Wanted } from "./facts.ts";
import { withNode, type GroupState, type NodeState } from "./state.ts";
import type { CallObservation } from "./types.ts";

/**
 * What a proxied call tells. A broken connection makes the node suspect whatever the route; a timeout only on a cheap
 * route, because a slow block build or relay never condemns a node. All else is a reason to probe, no more.
 */
export function applyCall(state: GroupState, node: NodeState, call: CallObservation, now: number): Applied {
  if (call.outcome === "answered") return { state: withNode(state, { ...node, lastSeenAt: now }), wanted: [] };
  const isBroken = call.outcome === "refused" || call.outcome === "reset" || call.outcome === "unreachable";
  const isHang = call.outcome === "timeout" && call.isCheap;
  if (call.outcome === "timeout" && !call.isCheap) return { state, wanted: [] };
  const wanted: Wanted[] = [{ kind: "probe", node: node.config.name, probe: "syncing" }];
  if (!isBroken && !isHang) return { state, wanted };
  const recent = node.callTroubleAt.filter((at) => now - at < 10_000);
  return {
    state: withNode(state, {
      ...node,
      callTroubleAt: [...recent, now].slice(-8),
      suspicion: { reason: "call-failed", detail: `${call.outcome}: ${call.detail}`.slice(0, 200), at: now },
    }),
    wanted,
  };
}
