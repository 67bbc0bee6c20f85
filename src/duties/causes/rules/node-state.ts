import type { CauseEvidence } from "../../types.ts";
import type { CauseCode } from "../reasons.ts";
import { atNode } from "../say.ts";
import { nodeAt, nodeKey } from "../scene.ts";
import type { CauseRecord, NodeSample, Place } from "../types.ts";

/** What ailed a node at an instant, as its own answers told it; `undefined`: nothing that is known. */
export function ailment(
  record: CauseRecord,
  { gateway, group }: Omit<Place, "client" | "at">,
  node: string,
  at: number,
): { code: CauseCode; evidence: CauseEvidence } | undefined {
  const sample = nodeAt(record, nodeKey(gateway, group, node), at);
  const code = sample && codeOf(sample);
  return sample && code && { code, evidence: atNode(node, sample.at, textOf(sample)) };
}

const offFork: readonly string[] = ["minority-branch", "split", "wrong-network", "branch-switched"];

function codeOf(sample: NodeSample): CauseCode | undefined {
  if (sample.elOffline === true || sample.reason === "el-offline") return "el-offline";
  if (sample.isOptimistic === true || sample.reason === "is-optimistic") return "node-optimistic";
  if (offFork.includes(sample.reason)) return "off-fork";
  if (sample.isSyncing === true || sample.reason === "is-syncing") return "node-syncing";
  return undefined;
}

export function textOf({ health, reason, operator, peers }: NodeSample): string {
  const mark = operator === "active" ? "" : `, ${operator}`;
  return `it was ${health} (${reason}${mark})${peers === undefined ? "" : `, ${peers} peers`}`;
}
