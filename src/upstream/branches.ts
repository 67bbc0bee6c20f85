import type { BlockRef } from "../chain/types.ts";
import { relate, type Ancestry } from "./ancestry.ts";
import { clientFamilyOf } from "./client-family.ts";
import type { Wanted } from "./facts.ts";
import type { NodeState } from "./state.ts";

export interface Branch {
  nodes: readonly NodeState[];
  /** The smaller of its distinct consensus clients and distinct execution clients. */
  support: number;
}

export interface BranchJudgement {
  branches: readonly Branch[];
  /** The branch that is served. */
  served: Branch | undefined;
  hasSwitched: boolean;
  /** Two branches with different justified or finalized checkpoints: a person decides. */
  split: string | undefined;
  wanted: readonly Wanted[];
}

/**
 * Groups nodes into branches and picks the one to serve. Heads whose relation is not known yet count as one branch: a new
 * head must not evict anybody for the few milliseconds until its parent is known.
 */
export function judgeBranches(
  nodes: readonly NodeState[],
  ancestry: Ancestry,
  slotsPerEpoch: number,
  anchor: BlockRef | undefined,
  isSplitAlready: boolean,
): BranchJudgement {
  const wanted: Wanted[] = [];
  const proof: Proof = { isSplitAlready, wanted };
  const groups: NodeState[][] = [];
  for (const node of nodes) {
    const home = groups.find((group) =>
      group.every((other) => isSameBranch(node, other, ancestry, slotsPerEpoch, proof)),
    );
    if (home) home.push(node);
    else groups.push([node]);
  }
  const branches = groups.map((group): Branch => ({ nodes: group, support: supportOf(group) }));
  if (branches.length < 2) return { branches, served: branches[0], hasSwitched: false, split: undefined, wanted };

  const current = currentBranch(branches, ancestry, slotsPerEpoch, anchor);
  const best = [...branches].sort((a, b) => b.support - a.support || b.nodes.length - a.nodes.length)[0];
  // A tie never switches: only more support does.
  const hasSwitched = current !== undefined && best !== undefined && best.support > current.support;
  const served = current === undefined || hasSwitched ? best : current;
  return { branches, served, hasSwitched, split: describeSplit(branches, proof), wanted };
}

/** The smaller number of distinct consensus and execution clients; all unknown ones together count as one. */
export function supportOf(nodes: readonly NodeState[]): number {
  const families = nodes.map((node) => clientFamilyOf(node));
  return Math.min(
    new Set(families.map((each) => each.consensus)).size,
    new Set(families.map((each) => each.execution)).size,
  );
}

function currentBranch(
  branches: readonly Branch[],
  ancestry: Ancestry,
  slotsPerEpoch: number,
  anchor: BlockRef | undefined,
): Branch | undefined {
  if (anchor === undefined) return undefined;
  const holding = branches.filter((branch) =>
    branch.nodes.some(
      (node) =>
        node.head !== undefined &&
        relate(ancestry, anchor, node.head, floorSlot(node, node, slotsPerEpoch)).kind === "same",
    ),
  );
  // Two branches that part at the anchor both hold it: then the nodes that served until now are the branch.
  return (
    holding.find((branch) => branch.nodes.some((node) => node.isOnView && node.head?.root === anchor.root)) ??
    [...holding].sort((a, b) => onView(b) - onView(a))[0] ??
    branches.find((branch) => branch.nodes.some((node) => node.isOnView))
  );
}

function onView(branch: Branch): number {
  return branch.nodes.filter((node) => node.isOnView).length;
}

function isSameBranch(a: NodeState, b: NodeState, ancestry: Ancestry, slotsPerEpoch: number, proof: Proof): boolean {
  if (conflict(a, b) !== undefined && isProven(a, b, proof)) return false;
  if (a.head === undefined || b.head === undefined) return true;
  if (a.head.root === b.head.root) return true;
  const relation = relate(ancestry, a.head, b.head, floorSlot(a, b, slotsPerEpoch));
  if (relation.kind === "unknown")
    proof.wanted.push({
      kind: "header",
      node: (relation.side === "first" ? a : b).config.name,
      root: relation.missing,
    });
  return relation.kind !== "different";
}

interface Proof {
  isSplitAlready: boolean;
  wanted: Wanted[];
}

/**
 * Checkpoints from before a reorganisation must not make a split: both nodes are asked again, and what they said after
 * their latest head counts. Once there is a split, a new head does not end it: only agreeing checkpoints do.
 */
function isProven(a: NodeState, b: NodeState, proof: Proof): boolean {
  const isFresh = (node: NodeState) => (node.finalityAskedAt ?? -Infinity) >= (node.head?.seenAt ?? -Infinity);
  const stale = [a, b].filter((node) => !isFresh(node));
  for (const node of stale) proof.wanted.push({ kind: "probe", node: node.config.name, probe: "finality" });
  return stale.length === 0 || proof.isSplitAlready;
}

/** The start of the older justified epoch of the two; without one, two epochs before the lower head. */
function floorSlot(a: NodeState, b: NodeState, slotsPerEpoch: number): number {
  const epochs = [a, b].flatMap((node) => (node.finality === undefined ? [] : [node.finality.justified.epoch]));
  if (epochs.length > 0) return Math.min(...epochs) * slotsPerEpoch;
  return Math.max(0, Math.min(a.head?.slot ?? 0, b.head?.slot ?? 0) - 2 * slotsPerEpoch);
}

/** Two checkpoints of one epoch with different roots: proof of two chains. */
function conflict(a: NodeState, b: NodeState): string | undefined {
  if (a.finality === undefined || b.finality === undefined) return undefined;
  for (const kind of ["finalized", "justified"] as const) {
    const [one, other] = [a.finality[kind], b.finality[kind]];
    if (one.epoch === other.epoch && one.root !== other.root)
      return `${kind} epoch ${one.epoch}: ${a.config.name} has ${one.root.slice(0, 10)}, ${b.config.name} has ${other.root.slice(0, 10)}`;
  }
  return undefined;
}

function describeSplit(branches: readonly Branch[], proof: Proof): string | undefined {
  for (const [index, branch] of branches.entries())
    for (const other of branches.slice(index + 1))
      for (const a of branch.nodes)
        for (const b of other.nodes) {
          if (a.finality === undefined || b.finality === undefined) continue;
          const found = conflict(a, b);
          if (found !== undefined && isProven(a, b, proof)) return found;
          for (const kind of ["finalized", "justified"] as const)
            if (a.finality[kind].epoch !== b.finality[kind].epoch && isProven(a, b, proof))
              return `${kind}: ${a.config.name} at epoch ${a.finality[kind].epoch}, ${b.config.name} at epoch ${b.finality[kind].epoch} of another branch`;
        }
  return undefined;
}
