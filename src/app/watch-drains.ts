import type { OperatorMark, OperatorStates } from "../control/operator-states.ts";
import type { Drain, DrainWait } from "../control/types.ts";
import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { AuditedActions } from "./audited-actions.ts";
import type { RunningGroup } from "./group-status.ts";

export interface DrainWatchParts {
  gateway: string;
  groups: ReadonlyMap<string, RunningGroup>;
  operatorStates: OperatorStates;
  audited: AuditedActions;
  clock: Clock;
  log: Logger;
  changed: () => void;
}

/** Calls under way come and go within this time: a free moment is not missed for long. */
const lookMs = 250;
/** So long after a full disk kept a drain from ending it is tried again. */
const retryMs = 10_000;
/** What a person who insists does not wait for. What would be lost with the node is always waited for. */
const overruled: readonly DrainWait["kind"][] = ["last-ready-node", "proposal"];

/** Ends each drain as soon as nothing depends on the node any more. Returns what stops looking; the drains stay on disk. */
export function watchDrains(parts: DrainWatchParts): () => void {
  const { clock, log } = parts;
  const shown = new Map<string, string>();
  let retryAt = -Infinity;

  /** A defect here must cost a look, not the process that serves validators. */
  function look(): void {
    try {
      lookAtEach();
    } catch (error) {
      if (clock.monotonic() < retryAt) return;
      retryAt = clock.monotonic() + retryMs;
      log.error({ error: describeError(error) }, "looking at drains failed; the drains go on");
    }
  }

  function lookAtEach(): void {
    let hasChanged = false;
    for (const mark of parts.operatorStates.marks()) {
      const group = parts.groups.get(mark.group);
      if (mark.state !== "draining" || !group?.upstream.status(mark.node)) continue;
      const waits = waitsOf(group, mark);
      if (waits.length === 0 && clock.monotonic() >= retryAt) end(mark, group);
      const key = `${mark.group}/${mark.node}`;
      const text = JSON.stringify(waits);
      hasChanged ||= shown.get(key) !== text;
      shown.set(key, text);
    }
    if (hasChanged) parts.changed();
  }

  function end(mark: OperatorMark, { upstream }: RunningGroup): void {
    const { group, node, by } = mark;
    const asked = { actor: "gateway", action: "node.maintenance", target: `${parts.gateway}/${group}/${node}` };
    try {
      parts.audited.run(asked, () => {
        parts.operatorStates.set({ group, node, state: "maintenance", by, at: clock.now() });
        upstream.setOperatorState(node, "maintenance", `${by} (drained)`);
      });
      log.info({ group, node, by }, "drained: the node may be stopped");
      parts.changed();
    } catch (error) {
      retryAt = clock.monotonic() + retryMs;
      log.error({ group, node, error: describeError(error) }, "the end of a drain cannot be stored; tried again soon");
    }
  }

  return clock.every(lookMs, look);
}

/** The nodes of a group on their way out, and those that have arrived: they wait for nothing. */
export function drainsOf(group: RunningGroup, marks: readonly OperatorMark[]): Drain[] {
  return marks
    .filter(({ group: name, node, state }) => {
      const isLeaving = state === "draining" || state === "maintenance";
      return isLeaving && name === group.name && group.upstream.status(node) !== undefined;
    })
    .map((mark) => {
      const { node, by, at, state } = mark;
      return { node, by, at, waitsFor: state === "draining" ? waitsOf(group, mark) : [] };
    });
}

function waitsOf({ proxy }: RunningGroup, { node, isForced }: OperatorMark): readonly DrainWait[] {
  const waits = proxy.calendar.drainWaits(node);
  return isForced === true ? waits.filter(({ kind }) => !overruled.includes(kind)) : waits;
}
