import type { EvidenceRecord } from "../control/types.ts";
import type { Transition } from "../upstream/types.ts";
import { switchMsOf, type FaultWindow, type Tally } from "./tally.ts";
import type { DrillEvidence, DrillScore } from "./types.ts";

export const emptyScore: DrillScore = {
  ...{ detectMs: undefined, detectReason: undefined, switchMs: undefined, worstMs: undefined, recoverMs: undefined },
  ...{ dutyRequests: 0, affected: 0, served: 0, failed: 0, retried: 0, unseen: 0 },
};

/** What the drill has shown so far. `transitions` are those since the fault began, oldest first. */
export function scoreOf(
  tally: Tally,
  transitions: readonly Transition[],
  unseen: number,
  window: FaultWindow,
): DrillScore {
  const { group, node, startedAt, liftingAt, liftedAt } = window;
  const { worstMs, dutyRequests, affected, served, failed, retried } = tally;
  const health = transitions.filter((each) => each.kind === "health" && each.node === node && each.group === group);
  const isShown = ({ at }: Transition) => at >= startedAt && at <= (liftedAt ?? Infinity);
  const left = health.find((each) => isShown(each) && each.from === "ready");
  const back = liftingAt === undefined ? undefined : health.find(({ at, to }) => at >= liftingAt && to === "ready");
  return {
    detectMs: left && left.at - startedAt,
    detectReason: left?.reason,
    switchMs: switchMsOf(tally),
    ...{ worstMs, dutyRequests, affected, served, failed, retried, unseen },
    recoverMs: back && liftedAt !== undefined ? Math.max(0, back.at - liftedAt) : undefined,
  };
}

/** The requests that prove a score, worst first. */
export function evidenceOf({ kept }: Tally): DrillEvidence[] {
  return kept.map((record) => {
    const { at, requestId, client, method, route, status, durationMs, node: servedBy } = record;
    const answers = record.answers.slice(0, 8).map(describeAnswer).join(", ");
    return { at, requestId, client, method, route, status, durationMs, servedBy, answers };
  });
}

function describeAnswer({ node, outcome, status, durationMs }: EvidenceRecord["answers"][number]): string {
  return `${node} ${outcome}${status === undefined ? "" : ` ${status}`} after ${durationMs} ms`;
}
