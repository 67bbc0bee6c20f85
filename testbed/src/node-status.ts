import { getJson } from "./beacon-api.ts";
import type { BeaconNode, Devnet } from "./devnet-types.ts";
import { readFinalizedEpoch, readSyncState } from "./wait.ts";
import type { SyncState } from "./wait.ts";

export type NodeStatus = SyncState & { finalizedEpoch: number; peers: number };

/** What the node says of itself; null if it is down or does not answer. */
export async function readNodeStatus(node: BeaconNode, signal?: AbortSignal): Promise<NodeStatus | null> {
  if (!node.isUp) return null;
  type PeerCount = { data: { connected: string } };
  const options = { signal, timeoutMs: 1_500 };
  try {
    const [sync, finalizedEpoch, count] = await Promise.all([
      readSyncState(node, signal),
      readFinalizedEpoch(node, signal),
      getJson<PeerCount>(node.url, "/eth/v1/node/peer_count", options),
    ]);
    return { ...sync, finalizedEpoch, peers: Number(count.data.connected) };
  } catch {
    return null;
  }
}

/** One line for all nodes, such as `slot 12  bn1 head 12 fin 0 peers 2 | bn2 down | ...`. */
export async function statusLine(devnet: Devnet, signal?: AbortSignal): Promise<string> {
  const parts = await Promise.all(devnet.nodes.map(async (node) => describe(node, await readNodeStatus(node, signal))));
  const slot = devnet.currentSlot();
  const when = slot < 0 ? `genesis in ${Math.ceil((devnet.slotStartMs(0) - Date.now()) / 1000)} s` : `slot ${slot}`;
  return `${when}  ${parts.join(" | ")}`;
}

/** Several lines: the status line, then name, pid, URL and execution mode of each client. */
export async function statusReport(devnet: Devnet, signal?: AbortSignal): Promise<string> {
  const nodes = devnet.nodes.map((node) => {
    const process = node.pid === null ? "down" : `pid ${node.pid}${node.isFrozen ? " frozen" : ""}`;
    return `${node.name}  ${node.url}  ${process}  execution ${node.execution}  log ${node.logFile}`;
  });
  const clients = devnet.validatorClients.map((vc) => {
    const process = vc.pid === null ? "down" : `pid ${vc.pid}${vc.isFrozen ? " frozen" : ""}`;
    return `${vc.name}  validators ${vc.firstIndex}..${vc.lastIndex}  ${process}  to ${vc.beaconNodeUrls.join(",")}  log ${vc.logFile}`;
  });
  return [await statusLine(devnet, signal), ...nodes, ...clients].join("\n");
}

function describe(node: BeaconNode, status: NodeStatus | null): string {
  if (node.pid === null) return `${node.name} down`;
  if (node.isFrozen) return `${node.name} frozen`;
  if (status === null) return `${node.name} silent`;
  const marks = [status.isSyncing ? " syncing" : "", status.isOptimistic ? " optimistic" : ""].join("");
  return `${node.name} head ${status.headSlot} fin ${status.finalizedEpoch} peers ${status.peers}${marks}`;
}
