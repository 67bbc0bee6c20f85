import type { GroupStatus } from "../control/types.ts";
import { findingsBefore, isRefusal } from "../drills/guards.ts";
import { drillReasons } from "../drills/reasons.ts";
import { createFaultLeases, type FaultLeases } from "../gateway/fault-leases.ts";
import type { GatewayNode } from "../gateway/send/node-pools.ts";
import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { FaultActions } from "./gateway-actions.ts";
import type { RunningGroup } from "./group-status.ts";
import type { OperatorAudit } from "./operator-audit.ts";

export interface FaultParts {
  /** As the config names it. */
  gateway: string;
  isAllowed: boolean;
  startedAt: number;
  groups: ReadonlyMap<string, RunningGroup>;
  groupStatuses: () => readonly GroupStatus[];
  /** By group, as configured at the start. */
  nodes: ReadonlyMap<string, { nodes: readonly GatewayNode[] }>;
  audit: OperatorAudit;
  clock: Clock;
  random: () => number;
  log: Logger;
  changed: () => void;
}

export interface WiredFaults extends Pick<FaultLeases, "ofGroup" | "endAll" | "close"> {
  actions: FaultActions;
  /** Takes over the nodes of a new configuration: faults on those that it changes end. */
  nodesChange: FaultLeases["nodesChange"];
}

/** Faults on this gateway's nodes. The gateway itself asks the guards, whoever asks it: a caller may be old, or wrong. */
export function wireFaults(parts: FaultParts): WiredFaults {
  const { groups, audit, clock, log } = parts;
  const nodes = new Map([...parts.nodes].map(([name, group]) => [name, group.nodes]));

  const leases = createFaultLeases({
    ...{ clock, random: parts.random, log },
    isAllowed: () => parts.isAllowed,
    group(name) {
      const running = groups.get(name);
      return running && { upstream: running.upstream, proxy: running.proxy, nodes: nodes.get(name) ?? [] };
    },
    refusal({ group, node, leaseMs, isForced }) {
      const status = parts.groupStatuses().find((each) => each.group === group);
      if (!status) return `there is no group ${group}`;
      const now = { startedAt: parts.startedAt, at: clock.now() };
      const findings = findingsBefore(now, status, { node, durationMs: leaseMs });
      if (!isRefusal(findings, isForced === true)) return undefined;
      return findings.map(({ reason, detail }) => `${drillReasons[reason].short} (${detail})`).join("; ");
    },
    onChange(what, lease, group, why) {
      parts.changed();
      if (what === "begun" || why === "asked for") return;
      const target = `${parts.gateway}/${group}/${lease.node}`;
      try {
        audit.append({ at: clock.now(), actor: "gateway", action: "fault.ended", target, result: `done: ${why}` });
      } catch (error) {
        log.error({ target, error: describeError(error) }, "the audit could not record the end of a fault");
      }
    },
  });

  return {
    ofGroup: leases.ofGroup,
    endAll: leases.endAll,
    close: leases.close,
    actions: { startFault: leases.start, renewFault: leases.renew, stopFault: leases.stop },
    nodesChange(group, next) {
      leases.nodesChange(group, next);
      nodes.set(group, next);
    },
  };
}
