import type { ControlProvider } from "../control/provider.ts";
import type { OperatorStates } from "../control/operator-states.ts";
import { AppError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { AuditedActions } from "./audited-actions.ts";
import type { RunningGroup } from "./group-status.ts";

/** Begins, renews and ends faults on this gateway's nodes. */
export type FaultActions = Pick<ControlProvider, "startFault" | "renewFault" | "stopFault">;

export type GatewayActions = FaultActions &
  Pick<ControlProvider, "setOperatorState" | "hold" | "release" | "resetWatermark" | "chooseBranch">;

export interface GatewayActionParts {
  /** As the config names it. */
  gateway: string;
  groups: ReadonlyMap<string, RunningGroup>;
  operatorStates: OperatorStates;
  audited: AuditedActions;
  faults: FaultActions;
  clock: Clock;
  log: Logger;
  /** The status may differ now. */
  changed: () => void;
}

/** What people ask of a gateway through its control: refused, or on disk, done and in the audit before it returns. */
export function createGatewayActions(parts: GatewayActionParts): GatewayActions {
  const { gateway, operatorStates, audited, faults, clock, log, changed } = parts;

  function groupOf(name: string, what: string): RunningGroup {
    const group = parts.groups.get(name);
    if (group) return group;
    const known = [...parts.groups.keys()].join(", ");
    throw new AppError(`${what}: gateway ${gateway} has no group ${name}; it has ${known}`, { code: "unknown-group" });
  }

  function requireNode(group: RunningGroup, node: string, what: string): void {
    if (group.upstream.status(node)) return;
    const known = group.upstream.statuses().map((status) => status.node);
    throw new AppError(`${what}: group ${group.name} has no such node; it has ${known.join(", ")}`, {
      code: "unknown-node",
    });
  }

  function onGroup(action: string, name: string, by: string, work: (group: RunningGroup) => void): void {
    const group = groupOf(name, action);
    const asked = { actor: by, action: `group.${action}`, target: `${gateway}/${name}` };
    audited.run(asked, () => work(group));
    log.warn({ group: name, by }, `${action} asked for by a person`);
    changed();
  }

  return {
    setOperatorState(name, node, state, by, isForced) {
      const group = groupOf(name, `set ${node} to ${state}`);
      requireNode(group, node, `set ${node} to ${state}`);
      // A node that is out already has nothing to wait for, and must not be told of duties again.
      if (state === "draining" && group.upstream.status(node)?.operator === "maintenance") return;
      const asked = { actor: by, action: `node.${state}`, target: `${gateway}/${name}/${node}` };
      audited.run(asked, () => {
        const mark = { group: name, node, state, by, at: clock.now(), ...(isForced === true ? { isForced } : {}) };
        operatorStates.set(mark);
        group.upstream.setOperatorState(node, state, by);
      });
      log.info({ group: name, node, state, by }, "operator state set");
      changed();
    },
    hold: (name, reason, by) => onGroup("hold", name, by, ({ proxy }) => proxy.safety.hold(reason, by)),
    release: (name, by) => onGroup("release", name, by, ({ proxy }) => proxy.safety.release(by)),
    resetWatermark: (name, by) => onGroup("watermark-reset", name, by, ({ proxy }) => proxy.safety.resetWatermark(by)),
    chooseBranch: (name, root, by) => onGroup("branch", name, by, ({ upstream }) => upstream.chooseBranch(root, by)),
    async startFault(request) {
      const { node, kind, by } = request;
      requireNode(groupOf(request.group, `show fault ${kind} on ${node}`), node, `show fault ${kind} on ${node}`);
      const asked = { actor: by, action: `fault.${kind}`, target: `${gateway}/${request.group}/${node}` };
      const lease = await audited.runLater(asked, () => faults.startFault(request));
      changed();
      return lease;
    },
    // A renewal only says that the caller is alive: the record of the beginning stands for it.
    renewFault: (id, leaseMs) => faults.renewFault(id, leaseMs),
    async stopFault(id) {
      const asked = { actor: "control", action: "fault.stop", target: `${gateway}/${id}` };
      await audited.runLater(asked, () => faults.stopFault(id));
      changed();
    },
  };
}
