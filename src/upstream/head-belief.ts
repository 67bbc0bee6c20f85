import { holds, type Ancestry } from "./ancestry.ts";
import type { Wanted } from "./facts.ts";
import type { NodeHead, NodeState } from "./state.ts";

export interface Belief {
  /** Names of the nodes whose head is believed. */
  believed: ReadonlySet<string>;
  /** The slot that others are measured against; `undefined` while no head is believed. */
  referenceSlot: number | undefined;
  wanted: readonly Wanted[];
}

/**
 * Which heads to believe. `candidates` answer, are in sync by their own words, not optimistic and not in the future.
 * A head is believed when another candidate has it or descends from it, or when its ancestry holds another candidate's
 * head. Nodes are measured against the second-highest believed head, so that one rogue ahead evicts nobody; of two nodes
 * the higher is believed only by its ancestry.
 */
export function judgeHeads(candidates: readonly NodeState[], ancestry: Ancestry): Belief {
  const withHead = candidates.flatMap((node) =>
    node.head === undefined ? [] : [{ name: node.config.name, head: node.head }],
  );
  const wanted: Wanted[] = [];
  if (withHead.length === 1) {
    const only = withHead[0] as { name: string; head: NodeHead };
    return { believed: new Set([only.name]), referenceSlot: only.head.slot, wanted };
  }

  const believed = new Set<string>();
  for (const { name, head } of withHead) {
    if (withHead.some((other) => other.name !== name && other.head.root === head.root)) {
      believed.add(name);
      continue;
    }
    for (const other of withHead) {
      if (other.name === name) continue;
      const [upper, lower, asker] =
        head.slot > other.head.slot ? [head, other.head, name] : [other.head, head, other.name];
      const answer = holds(ancestry, upper, lower);
      if (answer.kind === "yes") {
        believed.add(name);
        break;
      }
      if (answer.kind === "unknown") wanted.push({ kind: "header", node: asker, root: answer.missing });
    }
  }
  const slots = withHead
    .filter(({ name }) => believed.has(name))
    .map(({ head }) => head.slot)
    .sort((a, b) => b - a);
  return { believed, referenceSlot: withHead.length > 2 ? (slots[1] ?? slots[0]) : slots[0], wanted };
}
