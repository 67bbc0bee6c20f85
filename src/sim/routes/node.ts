import { hashParts, toHex } from "../hash.ts";
import { ok } from "../node/reply.ts";
import type { SimRoute } from "../node/types.ts";

export const nodeRoutes: readonly SimRoute[] = [
  {
    method: "GET",
    path: "/eth/v1/node/syncing",
    handle: ({ sight: { head, syncDistance, isSyncing, view } }) =>
      ok({
        head_slot: String(head.slot),
        sync_distance: String(syncDistance),
        is_syncing: isSyncing,
        ...(view.hasOldSyncingAnswer ? {} : { is_optimistic: view.isOptimistic, el_offline: view.elOffline }),
      }),
  },
  { method: "GET", path: "/eth/v1/node/version", handle: ({ node }) => ok({ version: node.version }) },
  {
    method: "GET",
    path: "/eth/v1/node/health",
    handle({ sight, query }) {
      if (sight.view.elOffline) return { status: 503 };
      const asked = Number(query.get("syncing_status") ?? "206");
      const whileSyncing = Number.isInteger(asked) && asked >= 100 && asked < 600 ? asked : 206;
      return { status: sight.isSyncing || sight.view.isOptimistic ? whileSyncing : 200 };
    },
  },
  {
    method: "GET",
    path: "/eth/v1/node/peer_count",
    handle: ({ sight }) =>
      ok({ disconnected: "2", connecting: "0", connected: String(sight.view.peers), disconnecting: "0" }),
  },
  {
    method: "GET",
    path: "/eth/v1/node/peers",
    handle({ sight, node }) {
      const peers = Array.from({ length: sight.view.peers }, (_, peer) => ({
        peer_id: peerId(node.name, peer + 1),
        enr: null,
        last_seen_p2p_address: `/ip4/192.0.2.${(peer % 254) + 1}/tcp/9000`,
        state: "connected",
        direction: peer % 2 === 0 ? "outbound" : "inbound",
      }));
      return ok(peers, { meta: { count: peers.length } });
    },
  },
  {
    method: "GET",
    path: "/eth/v1/node/identity",
    handle: ({ node }) =>
      ok({
        peer_id: peerId(node.name, 0),
        enr: "enr:-",
        p2p_addresses: ["/ip4/192.0.2.1/tcp/9000"],
        discovery_addresses: [],
        metadata: { seq_number: "1", attnets: "0x0000000000000000", syncnets: "0x00" },
      }),
  },
];

function peerId(name: string, peer: number): string {
  return `16Uiu2${toHex(hashParts("peer", name, peer)).slice(2, 49)}`;
}
