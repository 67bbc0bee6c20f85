import { AppError } from "../lib/app-error.ts";
import type { BlockRef } from "../chain/types.ts";
import { holds, type Ancestry } from "./ancestry.ts";
import type { Branch, BranchJudgement } from "./branches.ts";
import { branchOfNodes, followSplit, type SplitMemory } from "./split-memory.ts";
import type { GroupState } from "./state.ts";
import type { BranchChoice } from "./types.ts";

/** What a person chose in a split. It ends with the split. */
export interface ChosenBranch {
  /** As the person named it. */
  root: string;
  by: string;
  at: number;
  /** A block of the branch by which it is known as it grows. */
  anchor: BlockRef;
  /** Nodes that were on it last. */
  nodes: readonly string[];
}

/** What a split and a person's choice make of the judged branches. */
export interface SplitRuling {
  branches: BranchJudgement;
  split: SplitMemory | undefined;
  choice: ChosenBranch | undefined;
  /** What a person can choose from. */
  choices: readonly BranchChoice[];
}

/** A choice that was loaded after a restart waits so long for its split to be seen again, ms. */
const loadedChoiceMs = 120_000;
/** The anchor moves on before its block falls out of what is remembered of the chain. */
const anchorSlots = 256;

/**
 * Serves the branch that a person chose for as long as the split lasts; without a choice, or with none of its nodes left,
 * the split stays open and nothing is served to sign over.
 */
export function ruleSplit(state: GroupState, judged: BranchJudgement, now: number): SplitRuling {
  const split = followSplit(state.split, judged, state.nodes);
  const { choice } = state;
  if (split === undefined) {
    const isWaiting = choice !== undefined && state.split === undefined && now - state.startedAt < loadedChoiceMs;
    return { branches: judged, split, choice: isWaiting ? choice : undefined, choices: [] };
  }
  const choices = judged.branches.flatMap(describeBranch);
  const chosen = choice && findChosen(judged.branches, choice, state.ancestry);
  if (!choice || !chosen) return { branches: { ...judged, split: split.detail }, split, choice, choices };
  const branches: BranchJudgement = { ...judged, served: chosen, hasSwitched: false, split: undefined };
  return { branches, split, choice: follow(choice, chosen, state.ancestry), choices };
}

function findChosen(branches: readonly Branch[], choice: ChosenBranch, ancestry: Ancestry): Branch | undefined {
  const isOnIt = (branch: Branch) =>
    branch.nodes.some((node) => node.head !== undefined && holds(ancestry, node.head, choice.anchor).kind === "yes");
  const holding = branches.filter(isOnIt);
  // Two sides that part after the block that was named both hold it: then the nodes tell.
  return (
    branchOfNodes(holding.length > 0 ? holding : branches, choice.nodes) ??
    (holding.length === 1 ? holding[0] : undefined)
  );
}

function follow(choice: ChosenBranch, branch: Branch, ancestry: Ancestry): ChosenBranch {
  const nodes = branch.nodes.map((node) => node.config.name);
  const head = highestHead(branch);
  const isOld = head !== undefined && head.slot - choice.anchor.slot > anchorSlots;
  const anchor = isOld && ancestry.has(head.root) ? head : choice.anchor;
  const isSame = anchor === choice.anchor && nodes.join() === choice.nodes.join();
  return isSame ? choice : { ...choice, anchor, nodes };
}

/** The choice of the branch whose head is `root`, or was a moment ago. Throws `AppError` `no-split` or `unknown-branch`. */
export function chooseBranch(state: GroupState, root: string, by: string, now: number): ChosenBranch {
  if (state.split === undefined)
    throw new AppError(`serve the branch of ${root}: the group is not split, nothing was changed`, {
      code: "no-split",
    });
  const wanted = root.toLowerCase();
  const slot = state.ancestry.get(wanted)?.slot;
  for (const branch of state.choices) {
    const head = { slot: branch.slot, root: branch.root };
    const isIt =
      branch.root === wanted ||
      (slot !== undefined &&
        holds(state.ancestry, head, { slot, root: wanted }).kind === "yes" &&
        isAlone(state, wanted, slot));
    if (isIt) return { root: wanted, by, at: now, anchor: head, nodes: branch.nodes };
  }
  const known = state.choices.map((branch) => branch.root).join(", ") || "none of its nodes can be seen";
  throw new AppError(`serve the branch of ${root}: no branch has that head; choose one of ${known}`, {
    code: "unknown-branch",
  });
}

/** Is the block on one branch only? One that both hold names none of them. */
function isAlone(state: GroupState, root: string, slot: number): boolean {
  const holders = state.choices.filter(
    (branch) => holds(state.ancestry, { slot: branch.slot, root: branch.root }, { slot, root }).kind === "yes",
  );
  return holders.length === 1;
}

function describeBranch(branch: Branch): BranchChoice[] {
  const head = highestHead(branch);
  if (head === undefined) return [];
  const epochs = (kind: "justified" | "finalized") =>
    branch.nodes.flatMap(({ finality }) => (finality === undefined ? [] : [finality[kind].epoch]));
  const highest = (list: readonly number[]) => (list.length === 0 ? undefined : Math.max(...list));
  return [
    {
      ...head,
      nodes: branch.nodes.map((node) => node.config.name),
      support: branch.support,
      justifiedEpoch: highest(epochs("justified")),
      finalizedEpoch: highest(epochs("finalized")),
    },
  ];
}

function highestHead(branch: Branch): BlockRef | undefined {
  let best: BlockRef | undefined;
  for (const { head } of branch.nodes)
    if (head !== undefined && (best === undefined || head.slot > best.slot))
      best = { slot: head.slot, root: head.root };
  return best;
}
