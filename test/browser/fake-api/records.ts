import type { HistoryPoint, ReasonEntry, Snapshot, StoredTransition } from "../../../src/api/contract.ts";
import { allReasons } from "../../../src/app/all-reasons.ts";
import { reason } from "./build-node.ts";

const entry = (code: string, short: string, long: string): ReasonEntry => ({ area: "upstream", code, short, long });

/** Texts that tests read stand first; every other code has the real one. */
export const reasons: readonly ReasonEntry[] = [
  entry(
    "in-sync",
    "in sync",
    "The node answers, follows the head on the group's branch and its execution client is online.",
  ),
  entry("not-probed-yet", "not probed yet", "Slotkeeper has just started and has no answer from this node yet."),
  entry(
    "connection-refused",
    "connection refused",
    "Nothing listens at the node's address. The process is stopped or restarting: look at it on its host.",
  ),
  entry(
    "behind-head",
    "behind the head",
    "The node's head is behind the wall clock and the other nodes. It returns by itself once it has caught up.",
  ),
  entry(
    "on-other-branch",
    "on another branch",
    "The node follows a different branch than the group. Compare both heads with an outside source.",
  ),
  entry(
    "split",
    "nodes are split",
    "Two branches with different justified or finalized checkpoints. Signing inputs are refused until a person decides.",
  ),
  entry(
    "nobody-ready",
    "nobody is ready",
    "No node of the group is ready. Reads come from the least bad node; signing inputs are refused.",
  ),
  entry(
    "el-offline",
    "execution client offline",
    "The node says that its execution client is offline, so its head is not verified.",
  ),
  entry(
    "no-peers",
    "no peers",
    "The node has had no peers for 30 seconds: it accepts messages and sends them nowhere.",
  ),
  entry("warming", "warming up", "The node is back, and gets less preference for two epochs."),
  entry(
    "future-fork-differs",
    "future fork differs",
    "A fork that this node has scheduled differs from the network's. Update the node before that epoch.",
  ),
  entry("operator", "by an operator", "A person changed this."),
  ...allReasons(),
];

/** An hour of samples, ten seconds apart, with a dip and a hole so that both can be seen. */
export function historyOf(snapshot: Snapshot, minutes: number): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  const stepMs = 10_000;
  const count = (minutes * 60_000) / stepMs;
  for (let index = count; index >= 0; index--) {
    const at = Math.floor(snapshot.at / stepMs) * stepMs - index * stepMs;
    const minute = Math.floor(at / 60_000) % 60;
    if (minute === 11 || minute === 12) continue;
    for (const gateway of snapshot.gateways)
      for (const group of gateway.status?.groups ?? []) {
        const wave = 1 + 0.18 * Math.sin(at / 190_000) + 0.07 * Math.sin(at / 23_000);
        points.push({
          at,
          gateway: gateway.name,
          group: group.group,
          readyNodes: group.nodes.length - (minute >= 31 && minute <= 33 ? 1 : 0),
          totalNodes: group.nodes.length,
          requestsPerSecond: Math.round(group.requests.perSecond * wave * 10) / 10,
          failedRequests: minute > 31 ? 3 : 0,
          headLagSlots: 0,
          finalityDistanceEpochs: Math.floor(at / 384_000) % 9 === 0 ? 3 : 2,
        });
      }
  }
  return points;
}

/** Changes that lead to what the snapshot shows, and an older flap of the first node. Newest first. */
export function transitionsOf(snapshot: Snapshot): StoredTransition[] {
  const items: Omit<StoredTransition, "id">[] = [];
  for (const gateway of snapshot.gateways)
    for (const group of gateway.status?.groups ?? []) {
      const base = { gateway: gateway.name, group: group.group };
      for (const [index, node] of group.nodes.entries()) {
        const own = { ...base, node: node.node };
        if (node.health !== "ready")
          items.push({
            ...own,
            at: node.sinceAt,
            kind: "health",
            from: "ready",
            to: node.health,
            reason: node.reason,
            detail: node.detail,
          });
        if (node.operator !== "active")
          items.push({
            ...own,
            at: snapshot.at - 1_500_000,
            kind: "operator",
            from: "active",
            to: node.operator,
            reason: reason("operator"),
            detail: "by token ops-1",
          });
        if (index % 5 === 0) {
          const at = snapshot.at - 1_700_000 - index * 90_000;
          items.push({
            ...own,
            at,
            kind: "health",
            from: "suspect",
            to: "ready",
            reason: reason("in-sync"),
            detail: "",
          });
          items.push({
            ...own,
            at: at - 21_000,
            kind: "health",
            from: "ready",
            to: "suspect",
            reason: reason("behind-head"),
            detail: "head 4 slots behind",
          });
        }
      }
      if (group.view.kind !== "serving")
        items.push({
          ...base,
          at: group.view.changedAt,
          kind: "view",
          from: "serving",
          to: group.view.kind,
          reason: group.view.reason ?? reason("nobody-ready"),
          detail: "",
        });
    }
  return items.sort((a, b) => b.at - a.at).map((item, index, all) => ({ ...item, id: all.length - index }));
}
