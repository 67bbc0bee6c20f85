import type { BlockRef } from "../../chain/types.ts";
import type { AttestationData } from "./attestation-data.ts";
import type { NeededAgreement } from "./needed-agreement.ts";
import { countFamilies } from "./needed-agreement.ts";

/** A node as the group knows it at the moment of deciding. */
export interface AgreeNode {
  /** "lighthouse/geth" */
  family: string;
  /** Its own head, by its events and probes. */
  head: BlockRef | undefined;
}

/** An answer that parsed and fits the question. */
export interface AgreeAnswer {
  node: string;
  data: AttestationData;
}

export interface AgreeState {
  answers: readonly AgreeAnswer[];
  /** Ready nodes that have not answered. */
  pending: readonly string[];
  nodes: ReadonlyMap<string, AgreeNode>;
  /** Of the group's view. */
  viewHead: BlockRef | undefined;
  needed: NeededAgreement;
  /** Has the soft deadline passed? */
  isLate: boolean;
  /** Has the deadline passed? Then nobody is waited for. */
  isExpired: boolean;
}

export type AgreeDecision =
  | { kind: "wait" }
  /** `quorum`: agreed as asked for. `view`: nobody contradicts on the group's view, but too few confirm. */
  | { kind: "serve"; node: string; by: "quorum" | "view" }
  /** Nodes that follow the same head contradict each other; asking again may end it. */
  | { kind: "conflict"; detail: string }
  | { kind: "nobody" };

/**
 * Which attestation data to serve. Source and target must be given by as many nodes and client families as `needed` says,
 * one of them on the group's head; the head of the freshest is served. A node that is behind the head or on another
 * branch confirms, but never contradicts: one lagging node must not cost a duty.
 */
export function decideAgree(state: AgreeState): AgreeDecision {
  const { answers, pending, needed, isLate, isExpired } = state;
  const groups = groupBySourceAndTarget(answers);
  const agreed = groups.filter(
    (group) =>
      group.length >= needed.nodes &&
      countFamilies(familiesOf(state, group)) >= needed.families &&
      group.some((answer) => isOnView(state, answer)),
  );
  if (agreed.length === 1) return { kind: "serve", node: freshest(state, agreed[0] ?? []), by: "quorum" };

  const mayWait = pending.length > 0 && !isExpired;
  if (mayWait && (!isLate || answers.length === 0)) return { kind: "wait" };
  if (answers.length === 0) return { kind: "nobody" };
  const onView = groups.filter((group) => group.some((answer) => isOnView(state, answer)));
  const candidates = onView.length > 0 ? onView : groups;
  const [only] = candidates;
  if (candidates.length === 1 && only) return { kind: "serve", node: freshest(state, only), by: "view" };
  // Whoever is still silent may decide between them.
  return mayWait ? { kind: "wait" } : { kind: "conflict", detail: describe(candidates) };
}

function groupBySourceAndTarget(answers: readonly AgreeAnswer[]): AgreeAnswer[][] {
  const groups = new Map<string, AgreeAnswer[]>();
  for (const answer of answers) {
    const { source, target } = answer.data;
    const key = `${source.epoch} ${source.root} ${target.epoch} ${target.root}`;
    const group = groups.get(key);
    if (group) group.push(answer);
    else groups.set(key, [answer]);
  }
  return [...groups.values()];
}

/** Does the answer speak for the group's head: by what it says, or by what its node follows? */
function isOnView({ viewHead, nodes }: AgreeState, { node, data }: AgreeAnswer): boolean {
  return viewHead === undefined || data.headRoot === viewHead.root || nodes.get(node)?.head?.root === viewHead.root;
}

function familiesOf({ nodes }: AgreeState, answers: readonly AgreeAnswer[]): string[] {
  return answers.map(({ node }) => nodes.get(node)?.family ?? "");
}

/** The view's head wins, then the highest head whose slot is known, then the first that answered. */
function freshest(state: AgreeState, answers: readonly AgreeAnswer[]): string {
  const rank = ({ data }: AgreeAnswer) =>
    data.headRoot === state.viewHead?.root ? Infinity : (slotOfHead(state, data.headRoot) ?? -1);
  const best = answers.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  return best.node;
}

function slotOfHead({ nodes }: AgreeState, headRoot: string): number | undefined {
  for (const { head } of nodes.values()) if (head?.root === headRoot) return head.slot;
  return undefined;
}

function describe(groups: readonly (readonly AgreeAnswer[])[]): string {
  return groups
    .map((group) => {
      const { source, target } = (group[0] as AgreeAnswer).data;
      const names = group.map(({ node }) => node).join(", ");
      return `${names}: source ${source.epoch} ${source.root.slice(0, 10)}, target ${target.epoch} ${target.root.slice(0, 10)}`;
    })
    .join("; ");
}
