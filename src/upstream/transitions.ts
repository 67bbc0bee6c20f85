import type { GroupState, NodeState } from "./state.ts";
import type { Transition } from "./types.ts";

/** What changed between two judgements: health by health, warning by warning. */
export function diffNodes(before: GroupState, after: GroupState, now: number): Transition[] {
  const previous = new Map(before.nodes.map((node) => [node.config.name, node]));
  return after.nodes.flatMap((node) => {
    const old = previous.get(node.config.name);
    return old === undefined
      ? []
      : [...healthChange(after.name, old, node, now), ...warningChanges(after.name, old, node, now)];
  });
}

function healthChange(group: string, before: NodeState, after: NodeState, now: number): Transition[] {
  const [from, to] = [before.verdict, after.verdict];
  // Another reason within one health is a change that a person wants to see as well.
  if (from.health === to.health && (from.reason === to.reason || to.health === "unknown")) return [];
  return [
    {
      at: now,
      group,
      node: after.config.name,
      kind: "health",
      from: from.health,
      to: to.health,
      reason: to.reason,
      detail: to.detail,
    },
  ];
}

function warningChanges(group: string, before: NodeState, after: NodeState, now: number): Transition[] {
  if (before.warnings === after.warnings) return [];
  const node = after.config.name;
  const raised = after.warnings.filter((each) => !before.warnings.some((old) => old.reason === each.reason));
  const cleared = before.warnings.filter((old) => !after.warnings.some((each) => each.reason === old.reason));
  return [
    ...raised.map(({ reason, detail }): Transition => ({
      at: now,
      group,
      node,
      kind: "warning",
      from: "clear",
      to: "raised",
      reason,
      detail,
    })),
    ...cleared.map(({ reason, detail }): Transition => ({
      at: now,
      group,
      node,
      kind: "warning",
      from: "raised",
      to: "clear",
      reason,
      detail,
    })),
  ];
}
