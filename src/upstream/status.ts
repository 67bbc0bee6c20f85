import { clientFamilyOf } from "./client-family.ts";
import type { GroupState, NodeState } from "./state.ts";
import { headSlotOf } from "./own-clock.ts";
import type { UpstreamStatus } from "./types.ts";

/** A node's state as others see it. */
export function statusOf(group: GroupState, node: NodeState): UpstreamStatus {
  const family = clientFamilyOf(node);
  const { head, syncing, headDelays } = node;
  return {
    node: node.config.name,
    url: withoutSecrets(node.config.url),
    group: group.name,
    priority: node.config.priority,
    health: node.verdict.health,
    reason: node.verdict.reason,
    detail: node.verdict.detail,
    sinceAt: node.sinceAt,
    operator: node.operator,
    head: head && { slot: head.slot, root: head.root },
    headLagSlots: syncing === undefined && head === undefined ? undefined : lagOf(group, node),
    justified: node.finality?.justified,
    finalized: node.finality?.finalized,
    isSyncing: syncing?.isSyncing,
    isOptimistic: syncing?.isOptimistic,
    elOffline: syncing?.elOffline,
    syncDistance: syncing?.syncDistance,
    peers: node.peers,
    version: node.version,
    clientFamily: `${family.consensus}/${family.execution}`,
    latencyMs: node.latencyMs === undefined ? undefined : Math.round(node.latencyMs * 10) / 10,
    isStreamOpen: node.isStreamOpen,
    ...(node.clockOffsetMs === undefined ? {} : { clockOffsetMs: node.clockOffsetMs }),
    headDelayMs:
      headDelays.length === 0 ? undefined : Math.round(headDelays.reduce((a, b) => a + b, 0) / headDelays.length),
    lastSeenAt: node.lastSeenAt,
    warnings: node.warnings,
    labels: node.config.labels,
  };
}

function lagOf(group: GroupState, node: NodeState): number | undefined {
  return group.network === undefined || headSlotOf(node) < 0 ? undefined : node.headLagSlots;
}

/** A URL may hold a name and password, or a key in its query: people see neither. */
function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  if (parsed.username === "" && parsed.password === "" && parsed.search === "") return url;
  parsed.username = "";
  parsed.password = "";
  parsed.search = "";
  return parsed.href.replace(/\/$/, "");
}
