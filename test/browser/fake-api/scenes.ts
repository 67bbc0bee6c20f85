import type { Snapshot } from "../../../src/api/contract.ts";
import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { downNode, readyNode, reason, rootOf } from "./build-node.ts";
import { gatewayOf, groupOf, slotNow, snapshotOf } from "./build-snapshot.ts";

/** What the fake API can show; each is made anew for the moment it is asked for. */
export type Scene = (now: number) => Snapshot;

const threeNodes = (now: number): UpstreamStatus[] =>
  ["bn-1", "bn-2", "bn-3"].map((name, index) => readyNode(name, "main", index, slotNow(now), now));

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
const many: Scene = (now) => {
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

const hostileText = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script> {{7*7}} \u202Egnp.exe %00 '; DROP TABLE nodes; --`;

/** Everything that a node or a config file can put into a string. */
const hostile: Scene = (now) => {
  const nodes = threeNodes(now).map((node, index): UpstreamStatus => ({
    ...node,
    node: index === 2 ? "constructor" : `bn-${index}-${hostileText}`,
    url: `javascript:window.pwned=1//${hostileText}`,
    version: hostileText,
    clientFamily: index === 0 ? "__proto__/toString" : hostileText,
    health: index === 1 ? "suspect" : "ready",
    reason: reason(index === 1 ? "__proto__" : "in-sync"),
    detail: hostileText.repeat(8),
    labels: { provider: hostileText, ["<b>key"]: hostileText },
    warnings: [{ reason: reason("toString"), detail: hostileText }],
  }));
  return snapshotOf(
    [gatewayOf(`gw ${hostileText}`, [groupOf(`group/${hostileText}`, 7381, nodes, now)], now)],
    { level: "warning", sentence: `A node says ${hostileText}`, next: hostileText },
    now,
    { profile: "scaled" },
  );
};

const longName = "beacon-node-production-frankfurt-rack-17-unit-04-primary-lighthouse-nethermind-a";

const longNames: Scene = (now) => {
  const nodes = threeNodes(now).map((node, index) => ({
    ...node,
    node: `${longName}${index}`,
    detail: index === 1 ? `${"x".repeat(180)} head 4 slots behind` : "",
    health: index === 1 ? ("suspect" as const) : node.health,
  }));
  return snapshotOf(
    [gatewayOf(`gateway-${longName}`, [groupOf(`group-${longName}`, 7381, nodes, now)], now)],
    { level: "warning", sentence: `${longName}1 is suspect.` },
    now,
    { profile: "scaled" },
  );
};

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
} satisfies Record<string, Scene>;
export type SceneName = keyof typeof scenes;
