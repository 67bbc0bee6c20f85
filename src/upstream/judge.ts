import { applyFact } from "./apply-fact.ts";
import { evaluate } from "./evaluate.ts";
import type { Fact, Wanted } from "./facts.ts";
import type { GroupState, NodeState } from "./state.ts";
import type { Transition } from "./types.ts";

export interface Judgement {
  state: GroupState;
  transitions: Transition[];
  wanted: Wanted[];
}

/** The health state machine: what is known, one more fact and the time give what is known, what changed and what to ask. */
export function judge(state: GroupState, fact: Fact, now: number): Judgement {
  const applied = applyFact(state, fact, now);
  const evaluated = evaluate(applied.state, now);
  const transitions = [
    ...choiceTransitions(state, fact, now),
    ...operatorTransitions(state, applied.state, fact, now),
    ...evaluated.transitions,
  ];
  const silent = fact.kind === "stream-head" ? silentStreams(evaluated.state, fact.node, fact.slot, now) : [];
  return { state: evaluated.state, transitions, wanted: [...applied.wanted, ...silent, ...evaluated.wanted] };
}

function choiceTransitions(before: GroupState, fact: Fact, now: number): Transition[] {
  if (fact.kind !== "branch-chosen" || before.split === undefined) return [];
  const { root, by, nodes } = fact.choice;
  const from = before.choice?.root ?? "split";
  const detail = `by ${by}: nodes ${nodes.join(", ")}`;
  return [{ at: now, group: before.name, kind: "view", from, to: root, reason: "branch-chosen", detail }];
}

function operatorTransitions(before: GroupState, after: GroupState, fact: Fact, now: number): Transition[] {
  if (fact.kind !== "operator") return [];
  const find = (state: GroupState) => state.nodes.find((node) => node.config.name === fact.node)?.operator;
  const [from, to] = [find(before), find(after)];
  if (from === undefined || to === undefined || from === to) return [];
  return [
    {
      at: now,
      group: after.name,
      node: fact.node,
      kind: "operator",
      from,
      to,
      reason: "operator-request",
      detail: `by ${fact.by}`,
    },
  ];
}

/** A stream that is silent while another node saw a head is a reason to probe its node: it may hang. */
function silentStreams(state: GroupState, teller: string, slot: number, now: number): Wanted[] {
  const isSilent = (node: NodeState) =>
    node.config.name !== teller &&
    node.isStreamOpen &&
    (node.streamHeadSlot ?? 0) < slot &&
    now - (node.lastSeenAt ?? 0) > 100;
  return state.nodes.filter(isSilent).map((node) => ({ kind: "probe", node: node.config.name, probe: "syncing" }));
}
