import type { OperatorStates } from "../control/operator-states.ts";
import { controlVersion, type FaultLease, type GatewayStatus, type GroupStatus } from "../control/types.ts";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { GatewayRings } from "./gateway-rings.ts";
import { groupStatusOf, type RunningGroup } from "./group-status.ts";
import type { ProcessHealthSource } from "./process-health.ts";
import type { ConfigState } from "./process-metrics.ts";
import { drainsOf } from "./watch-drains.ts";

export interface StatusParts {
  /** As the config names it. */
  gateway: string;
  version: string;
  startedAt: number;
  groups: ReadonlyMap<string, RunningGroup>;
  operatorStates: OperatorStates;
  faultsOf: (group: string) => readonly FaultLease[];
  rings: GatewayRings;
  health: Pick<ProcessHealthSource, "read">;
  clock: Clock;
  isStarted: () => boolean;
  config: () => ConfigState & { revision: string };
}

export interface WiredStatus {
  /** Throws `AppError` `starting` until the groups listen. */
  status(): GatewayStatus;
  groupStatuses(): GroupStatus[];
}

/** What a gateway tells of itself: to control, to its metrics and to the guards of drills. */
export function wireStatus(parts: StatusParts): WiredStatus {
  const { gateway, version, startedAt, groups, operatorStates, rings, health, clock } = parts;

  function groupStatuses(): GroupStatus[] {
    const marks = operatorStates.marks();
    return [...groups.values()].map((group) => {
      const faults = parts.faultsOf(group.name);
      return { ...groupStatusOf(group, drainsOf(group, marks)), ...(faults.length > 0 ? { faults } : {}) };
    });
  }

  function status(): GatewayStatus {
    // A status without groups would read as a gateway that has none.
    if (!parts.isStarted())
      throw new AppError("show the gateway's status: it is starting, ask again in a moment", {
        code: "starting",
        retryable: true,
      });
    const stats = [...groups.values()].map(({ proxy }) => proxy.stats());
    const sum = (read: (one: (typeof stats)[number]) => number) => stats.reduce((total, one) => total + read(one), 0);
    const { revision, error } = parts.config();
    return {
      ...{ controlVersion, gateway, version, startedAt, at: clock.now(), configRevision: revision },
      ...(error === undefined ? {} : { configError: error }),
      groups: groupStatuses(),
      process: {
        ...health.read(),
        openClientSockets: sum((one) => one.openSockets),
        inFlightRequests: sum((one) => one.inFlight),
      },
      lastTransitionSeq: rings.transitions.lastSeq,
      lastEvidenceSeq: rings.evidence.lastSeq,
    };
  }

  return { status, groupStatuses };
}
