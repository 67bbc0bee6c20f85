import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { downNode, readyNode, reason } from "./build-node.ts";
import { gatewayOf, groupOf, slotNow, snapshotOf } from "./build-snapshot.ts";
import type { Scene } from "./scene.ts";

export const many: Scene = (now) => {
  const slot = slotNow(now);
  const group = (name: string, port: number, count: number, offset: number) => {
    const nodes = Array.from({ length: count }, (_, index) =>
      readyNode(`${name}-bn-${String(index + 1).padStart(2, "0")}`, name, index + offset, slot, now),
    );
    return groupOf(
      name,
      port,
      nodes.map((node, index) => trouble(node, index + offset, now)),
      now,
    );
  };
  return snapshotOf(
    [
      gatewayOf(
        "gw-fra-1",
        [group("lido", 7381, 12, 0), group("rocketpool", 7382, 6, 12), group("institutional", 7383, 8, 18)],
        now,
      ),
      gatewayOf("gw-gra-1", [group("lido-b", 7381, 10, 26), group("canary", 7382, 4, 36)], now),
    ],
    {
      level: "warning",
      sentence: "Five of forty nodes are not ready; every group keeps serving.",
      next: "lido-bn-04 is down: look at its process first.",
      sinceAt: now - 700_000,
    },
    now,
    { profile: "scaled" },
  );
};

function trouble(node: UpstreamStatus, index: number, now: number): UpstreamStatus {
  switch (index) {
    case 3:
      return downNode(node, now);
    case 9:
      return { ...node, operator: "cordoned" };
    case 14:
      return {
        ...node,
        health: "suspect",
        reason: reason("no-peers"),
        detail: "0 peers for 34 s",
        peers: 0,
        sinceAt: now - 34_000,
      };
    case 20:
      return {
        ...node,
        health: "syncing",
        reason: reason("behind-head"),
        detail: "head 14 slots behind",
        headLagSlots: 14,
        isSyncing: true,
        sinceAt: now - 700_000,
      };
    case 29:
      return {
        ...node,
        warnings: [{ reason: reason("future-fork-differs"), detail: "gloas at epoch 411392, others at 411648" }],
      };
    case 33:
      return { ...node, health: "warming", reason: reason("warming"), detail: "epoch 1 of 2", sinceAt: now - 200_000 };
    case 38:
      return { ...node, operator: "draining" };
    default:
      return node;
  }
}
