import type { GroupStatus } from "../../../src/control/types.ts";
import type { UpstreamStatus } from "../../../src/upstream/types.ts";
import { reason } from "./build-node.ts";
import { gatewayOf, groupOf, snapshotOf } from "./build-snapshot.ts";
import { threeNodes, type Scene } from "./scene.ts";

export const hostileText = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script> {{7*7}} \u202Egnp.exe %00 '; DROP TABLE nodes; --`;

/** Everything that a node or a config file can put into a string. */
export const hostile: Scene = (now) => {
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
  const hostileGroup: GroupStatus = {
    ...groupOf(`group/${hostileText}`, 7381, nodes, now),
    hold: { reason: hostileText, by: hostileText, at: now },
    branches: [{ root: hostileText, slot: 1, nodes: [hostileText], support: 1, justifiedEpoch: 1, finalizedEpoch: 1 }],
    chosenBranch: { root: "__proto__", by: hostileText, at: now },
    drains: [
      {
        node: "constructor",
        by: hostileText,
        at: now,
        waitsFor: [{ kind: "proposal", detail: hostileText, untilAt: now }],
      },
    ],
    faults: [{ id: "f", node: "constructor", kind: hostileText, by: hostileText, startedAt: now, expiresAt: now }],
    tripwire: { refused: 1, last: { at: now, kind: "double-vote", validatorIndex: 1, slot: 1, client: hostileText } },
  };
  return snapshotOf(
    [gatewayOf(`gw ${hostileText}`, [hostileGroup], now)],
    { level: "warning", sentence: `A node says ${hostileText}`, next: hostileText },
    now,
    { profile: "scaled" },
  );
};

const longName = "beacon-node-production-frankfurt-rack-17-unit-04-primary-lighthouse-nethermind-a";

export const longNames: Scene = (now) => {
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
