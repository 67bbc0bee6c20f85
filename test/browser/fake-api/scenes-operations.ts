import type { BranchChoice } from "../../../src/upstream/types.ts";
import type { GroupStatus } from "../../../src/control/types.ts";
import { drillOf } from "./build-drill.ts";
import { downNode, reason, rootOf, slotsPerEpoch } from "./build-node.ts";
import { gatewayOf, groupOf, slotNow, snapshotOf } from "./build-snapshot.ts";
import { threeNodes, type Scene } from "./scene.ts";

/** A group that has learnt what it serves: a watermark, and proposals that come. */
function guarded(group: GroupStatus, now: number): GroupStatus {
  const slot = slotNow(now);
  return {
    ...group,
    sourceWatermark: { epoch: Math.floor(slot / slotsPerEpoch) - 1, at: now - 300_000 },
    tripwire: { refused: 0 },
    proposals: [
      { slot: slot + 5, validatorIndex: 412_077 },
      { slot: slot + 61, validatorIndex: 98_314 },
    ],
  };
}

const held: Scene = (now) => {
  const reasonText = "Keys of host vc-3 may run twice, ticket OPS-1182. Ask before releasing.";
  const group = guarded(groupOf("main", 7381, threeNodes(now), now), now);
  return snapshotOf(
    [
      gatewayOf(
        "gateway",
        [{ ...group, hold: { reason: reasonText, by: "ops at the command line", at: now - 754_000 } }],
        now,
      ),
    ],
    {
      level: "bad",
      sentence: `Signing is on hold since 14:02 UTC (${reasonText.slice(0, -1)}; by ops at the command line): validators of group main sign nothing.`,
      next: "Duties are missed until it is released. When the reason is gone, release it on the Nodes page.",
      sinceAt: now - 754_000,
    },
    now,
  );
};

export function branchesOf(now: number): BranchChoice[] {
  const slot = slotNow(now);
  const epoch = Math.floor(slot / slotsPerEpoch);
  return [
    {
      root: rootOf(0xabcdef12),
      slot,
      nodes: ["bn-1", "bn-3"],
      support: 2,
      justifiedEpoch: epoch - 1,
      finalizedEpoch: epoch - 2,
    },
    {
      root: rootOf(0x1badf00d),
      slot: slot - 1,
      nodes: ["bn-2"],
      support: 1,
      justifiedEpoch: epoch - 2,
      finalizedEpoch: undefined,
    },
  ];
}

const splitOpen: Scene = (now) => {
  const group = groupOf("main", 7381, threeNodes(now), now, {
    ...{ kind: "split", reason: reason("split"), signingInputs: [], changedAt: now - 61_000 },
  });
  return snapshotOf(
    [gatewayOf("gateway", [{ ...guarded(group, now), branches: branchesOf(now) }], now)],
    {
      level: "bad",
      sentence:
        "The beacon nodes disagree on justified or finalized checkpoints: signing inputs are withheld until a person chooses the branch.",
      next: "Find out which branch is right, compare with outside sources, then choose it on the Nodes page.",
      sinceAt: now - 61_000,
    },
    now,
  );
};

const splitChosen: Scene = (now) => {
  const group = groupOf("main", 7381, threeNodes(now), now);
  const chosenBranch = { root: rootOf(0xabcdef12), by: "api token from 127.0.0.1", at: now - 130_000 };
  return snapshotOf(
    [gatewayOf("gateway", [{ ...guarded(group, now), branches: branchesOf(now), chosenBranch }], now)],
    {
      level: "warning",
      sentence:
        "The nodes are split; the branch with head 0xabcdef12… is served, as api token from 127.0.0.1 chose at 14:02 UTC.",
      next: "It ends by itself when the nodes agree again. Bring the nodes of the other branch back to the right one.",
      sinceAt: now - 130_000,
    },
    now,
  );
};

const drained: Scene = (now) => {
  const [first, second, third] = threeNodes(now);
  const nodes = [
    { ...first!, operator: "draining" as const },
    second!,
    { ...third!, operator: "maintenance" as const },
  ];
  const slot = slotNow(now) + 5;
  const drains: GroupStatus["drains"] = [
    {
      ...{ node: "bn-1", by: "api token from 127.0.0.1", at: now - 24_000 },
      waitsFor: [
        { kind: "proposal", detail: `the proposal of slot ${slot}, validator 412077.`, untilAt: now + 62_000 },
        { kind: "in-flight", detail: "2 requests under way.", untilAt: undefined },
      ],
    },
    { node: "bn-3", by: "ops", at: now - 900_000, waitsFor: [] },
  ];
  return snapshotOf(
    [gatewayOf("gateway", [{ ...guarded(groupOf("main", 7381, nodes, now), now), drains }], now)],
    {
      level: "warning",
      sentence:
        "Only bn-2 serves duties; the operator set the others aside (bn-1 draining, waits for: a proposal; bn-3 maintenance).",
      next: "If the last ready node fails, duties are lost. Bring a second one back first.",
      sinceAt: now - 24_000,
    },
    now,
  );
};

/** Twelve seconds into a drill of thirty: detected, and switched. */
const drilled: Scene = (now) => {
  const [first, second, third] = threeNodes(now);
  const startedAt = Math.floor(now / 30_000) * 30_000;
  const nodes = [
    first!,
    { ...downNode(second!, now), detail: "no answer within 600 ms", reason: reason("hang") },
    third!,
  ];
  const faults: GroupStatus["faults"] = [
    { id: "f-1", node: "bn-2", kind: "hang", by: "drill d-7", startedAt, expiresAt: now + 15_000 },
  ];
  return snapshotOf(
    [gatewayOf("gateway", [{ ...guarded(groupOf("main", 7381, nodes, now), now), faults }], now)],
    {
      level: "warning",
      sentence: "Drill: bn-2 shows the fault hang, asked for by api token from 127.0.0.1; duties are served by bn-1.",
      next: "It ends by itself. To end it now, abort it on the Nodes page.",
      sinceAt: startedAt,
    },
    now,
    {
      drills: [
        drillOf({
          ...{ startedAt, plannedEndAt: startedAt + 30_000, phase: "running" },
          sentence: "bn-2 shows hang. It was taken out of service after 212 ms, and other nodes answer.",
          score: { detectMs: 212, switchMs: 604, worstMs: 611, dutyRequests: 48, affected: 3, retried: 3 },
        }),
      ],
    },
  );
};

const tripped: Scene = (now) => {
  const group = guarded(groupOf("main", 7381, threeNodes(now), now), now);
  const slot = slotNow(now) - 9;
  const last = { at: now - 108_000, kind: "double-vote", validatorIndex: 412_077, slot, client: "10.0.4.31" } as const;
  const duplicateKey = { at: now - 130_000, validatorIndex: 412_077, clients: ["10.0.4.30", "10.0.4.31"] };
  return snapshotOf(
    [gatewayOf("gateway", [{ ...group, tripwire: { refused: 2, last }, duplicateKey }], now)],
    {
      level: "bad",
      sentence: `Slashable: a second, different attestation of validator 412077 for slot ${slot} came from 10.0.4.31 at 14:02 UTC and was not published.`,
      next: "The same key may run in two validator clients. Stop one of them now, before it signs where nobody refuses it.",
      sinceAt: now - 108_000,
    },
    now,
  );
};

/** No gateway: the monitor looks at the nodes itself, and can do nothing to them. */
const observed: Scene = (now) => {
  const view = gatewayOf("monitor", [groupOf("main", 0, threeNodes(now), now)], now);
  return snapshotOf([], { sentence: "All three nodes are ready." }, now, { observers: [view] });
};

export { held, observed, splitOpen, splitChosen, drained, drilled, tripped };
