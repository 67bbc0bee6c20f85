import { futureForkWarning } from "./network-check.ts";
import type { ClockJudgement } from "./own-clock.ts";
import type { NodeState, Warning } from "./state.ts";
import type { Network } from "./types.ts";

/** A node's clock may differ so far before it is worth a warning. */
const clockWarningMs = 2000;

/** Unreadable events are shown for so long after the last. */
const garbageShownMs = 60_000;

/** What is worth telling of a node and does not evict it. */
export function warningsOf(
  node: NodeState,
  nodes: readonly NodeState[],
  network: Network,
  clock: ClockJudgement,
  now: number,
): readonly Warning[] {
  const warnings: Warning[] = [];
  const fork = node.spec === undefined ? undefined : futureForkWarning(node, nodes, network, now);
  if (fork !== undefined) warnings.push(fork);
  if (clock.detail !== undefined) warnings.push({ reason: "own-clock-suspect", detail: clock.detail });
  else if (node.clockOffsetMs !== undefined && Math.abs(node.clockOffsetMs) > clockWarningMs)
    warnings.push({
      reason: "node-clock-off",
      detail: `its clock is about ${Math.round(node.clockOffsetMs / 1000)} s from ours`,
    });
  if (node.garbage !== undefined && now - node.garbage.at < garbageShownMs)
    warnings.push({ reason: "events-unreadable", detail: node.garbage.detail });
  // Equal warnings keep their array, so that comparing is cheap for whoever watches.
  return isSame(node.warnings, warnings) ? node.warnings : warnings;
}

function isSame(a: readonly Warning[], b: readonly Warning[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, index) => each.reason === b[index]?.reason && each.detail === b[index]?.detail)
  );
}
