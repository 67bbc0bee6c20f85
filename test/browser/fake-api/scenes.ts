import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { downNode, reason, rootOf } from "./build-node.ts";
import { gatewayOf, groupOf, slotNow, snapshotOf } from "./build-snapshot.ts";
import { threeNodes, type Scene } from "./scene.ts";
import { many } from "./scenes-fleet.ts";
import { hostile, longNames } from "./scenes-hostile.ts";
import { drained, drilled, held, observed, splitChosen, splitOpen, tripped } from "./scenes-operations.ts";

function oneGroup(now: number, change: (nodes: UpstreamStatus[]) => UpstreamStatus[]) {
  return change(threeNodes(now));
}

const fine: Scene = (now) =>
  snapshotOf(
    [gatewayOf("gateway", [groupOf("main", 7381, threeNodes(now), now)], now)],
    { sentence: "All three nodes are ready, finality is two epochs back." },
    now,
  );

const oneDown: Scene = (now) => {
  const nodes = oneGroup(now, ([first, second, third]) => [first!, downNode(second!, now), third!]);
  const group = groupOf("main", 7381, nodes, now);
  return snapshotOf(
    [gatewayOf("gateway", [group], now)],
    {
      level: "warning",
      sentence: "bn-2 is down: connection refused. Two nodes keep serving; no duty is at risk.",
      next: "Look at the beacon node process on bn-2. One more failure leaves a single node.",
      sinceAt: now - 42_000,
    },
    now,
  );
};

const split: Scene = (now) => {
  const slot = slotNow(now);
  const nodes = oneGroup(now, ([first, second, third]) => [
    first!,
    {
      ...second!,
      head: { slot, root: rootOf(slot + 99_999) },
      detail: "on the branch with justified root 0x0badf00d…",
      reason: reason("on-other-branch"),
      health: "suspect",
    },
    {
      ...third!,
      health: "syncing",
      reason: reason("behind-head"),
      detail: "head 143 slots behind",
      headLagSlots: 143,
      syncDistance: 143,
      isSyncing: true,
    },
  ]);
  const group = groupOf("main", 7381, nodes, now, {
    kind: "split",
    reason: reason("split"),
    signingInputs: [],
    changedAt: now - 61_000,
  });
  return snapshotOf(
    [gatewayOf("gateway", [{ ...group, requests: { ...group.requests, failed: 118 } }], now)],
    {
      level: "bad",
      sentence: "The nodes are split: two branches with different justified checkpoints. Signing inputs are refused.",
      next: "Decide which branch is right: compare both heads with a block explorer, then cordon the nodes on the other one.",
      sinceAt: now - 61_000,
    },
    now,
  );
};

const allBad: Scene = (now) => {
  const nodes = threeNodes(now).map((node, index) =>
    index === 1
      ? {
          ...node,
          health: "syncing" as const,
          reason: reason("el-offline"),
          detail: "execution client offline",
          elOffline: true,
        }
      : downNode(node, now),
  );
  return snapshotOf(
    [
      gatewayOf(
        "gateway",
        [groupOf("main", 7381, nodes, now, { kind: "none", fallback: ["bn-2"], reason: reason("nobody-ready") })],
        now,
      ),
    ],
    {
      level: "bad",
      sentence: "No node is ready. Validators on this gateway miss their duties.",
      next: "Start with bn-2: it answers, but its execution client is offline.",
      sinceAt: now - 190_000,
    },
    now,
  );
};

const unknown: Scene = (now) => {
  const past = now - 95_000;
  const silent = gatewayOf("gateway-west", [groupOf("main", 7381, threeNodes(past), past)], past, {
    isReachable: false,
    error: "read status of gateway-west: connect ECONNREFUSED 10.0.7.2:7382.",
  });
  const never = gatewayOf("gateway-east", [], now, {
    isReachable: false,
    lastContactAt: undefined,
    error: "read status of gateway-east: no answer within 2 s.",
    status: undefined,
  });
  return snapshotOf(
    [silent, never],
    {
      level: "unknown",
      sentence: "No gateway answers, so nothing is known about the nodes.",
      next: "Check the slotkeeper gateway processes on their hosts.",
      sinceAt: past,
    },
    now,
    { profile: "scaled" },
  );
};

/** The server answers, but what it has stands still. */
const stale: Scene = (now) => fine(now - 125_000);

const empty: Scene = (now) =>
  snapshotOf(
    [],
    {
      level: "unknown",
      sentence: "Nothing is known yet.",
      next: "Name your beacon nodes in slotkeeper.yaml.",
      sinceAt: now,
    },
    now,
  );

const starting: Scene = (now) => {
  const nodes = threeNodes(now).map((node): UpstreamStatus => ({
    ...node,
    health: "unknown",
    reason: reason("not-probed-yet"),
    sinceAt: now,
    head: undefined,
    headLagSlots: undefined,
    justified: undefined,
    finalized: undefined,
    isSyncing: undefined,
    isOptimistic: undefined,
    elOffline: undefined,
    syncDistance: undefined,
    peers: undefined,
    version: undefined,
    clientFamily: "unknown/unknown",
    latencyMs: undefined,
    isStreamOpen: false,
    headDelayMs: undefined,
    lastSeenAt: undefined,
  }));
  const group = groupOf("main", 7381, nodes, now, { kind: "none", reason: reason("not-probed-yet") });
  return snapshotOf(
    [gatewayOf("gateway", [{ ...group, network: undefined }], now)],
    { level: "unknown", sentence: "Starting: no node has answered yet.", next: "", sinceAt: now },
    now,
  );
};

/** 40 nodes in five groups behind two gateways, with every kind of trouble somewhere. */
export const scenes = {
  fine,
  oneDown,
  split,
  allBad,
  unknown,
  stale,
  empty,
  starting,
  many,
  hostile,
  longNames,
  held,
  observed,
  splitOpen,
  splitChosen,
  drained,
  drilled,
  tripped,
} satisfies Record<string, Scene>;
export type SceneName = keyof typeof scenes;
