import { finalityDistanceEpochs, headLagSlots } from "../control/judge-group.ts";
import type { HistorySample, ObservedGateway } from "../control/observed-gateway.ts";

/** One sample per group of every gateway that is heard; silence leaves a hole in the chart, never a flat line. */
export function sampleHistory(gateways: readonly ObservedGateway[], now: number): HistorySample[] {
  return gateways
    .filter(({ isReachable }) => isReachable)
    .flatMap(({ name, status }) =>
      (status?.groups ?? []).map((group) => ({
        at: now,
        gateway: name,
        group: group.group,
        readyNodes: group.view.ready.length,
        totalNodes: group.nodes.length,
        requestsPerSecond: group.requests.perSecond,
        failedRequests: group.requests.failed,
        headLagSlots: headLagSlots(group, now),
        finalityDistanceEpochs: finalityDistanceEpochs(group),
      })),
    );
}
