import { AppError } from "../../lib/app-error.ts";
import { createStream, hashParts } from "../hash.ts";
import { mainBranch, type BranchOptions, type Reorg, type SimBlock, type SimChainOptions } from "./types.ts";

export interface Branch {
  name: string;
  /** The branch's own blocks by slot; `null` for an empty slot that was looked at. */
  blocks: Map<number, SimBlock | null>;
  isMissed: (slot: number) => boolean;
}

export interface Branches {
  /** The branch that made, or will make, the slot's block for this one. Throws AppError for an unknown name. */
  ownerOf(slot: number, name: string): Branch;
  participation(name: string, epoch: number): number;
  visibleBranch(slot: number, name?: string): string;
  has(name: string): boolean;
  isSeen(slot: number): boolean;
  add(branch: BranchOptions): void;
  addReorg(reorg: Reorg): void;
  miss(slot: number): void;
}

type Known = Branch & { parent: string | undefined; fromSlot: number; participation: (epoch: number) => number };

/** The main branch and those that leave it, with the script of empty slots and reorgs. */
export function createBranches(options: SimChainOptions): Branches {
  const missed = new Set<number>();
  const reorgs: Reorg[] = [];
  const known = new Map<string, Known>();
  known.set(mainBranch, {
    name: mainBranch,
    parent: undefined,
    fromSlot: -Infinity,
    blocks: new Map(),
    isMissed: (slot) => missed.has(slot) || isMissedBy(options, slot) || reorgOver(slot) !== undefined,
    participation: asFunction(options.participation ?? 1),
  });

  function find(name: string): Known {
    const branch = known.get(name);
    if (!branch)
      throw new AppError(`Read branch ${name} of the simulated chain: add it first.`, { code: "sim-branch-unknown" });
    return branch;
  }

  /** The reorg whose abandoned blocks lie at this slot. */
  function reorgOver(slot: number): Reorg | undefined {
    return reorgs.find((reorg) => reorg.slot - reorg.depth <= slot && slot < reorg.slot);
  }

  function add(branch: BranchOptions): void {
    if (known.has(branch.name)) {
      throw new AppError(`Add branch ${branch.name} to the simulated chain: choose a name that is free.`, {
        code: "sim-branch-exists",
      });
    }
    const parent = find(branch.parent ?? mainBranch);
    known.set(branch.name, {
      name: branch.name,
      parent: parent.name,
      fromSlot: branch.fromSlot,
      blocks: new Map(),
      isMissed: branch.missedSlots ?? (() => false),
      participation: branch.participation === undefined ? parent.participation : asFunction(branch.participation),
    });
  }

  return {
    ownerOf(slot, name) {
      let branch = find(name);
      while (branch.parent !== undefined && slot < branch.fromSlot) branch = find(branch.parent);
      return branch;
    },
    participation: (name, epoch) => find(name).participation(epoch),
    visibleBranch(slot, name = mainBranch) {
      const reorg = name === mainBranch ? reorgOver(slot) : undefined;
      return reorg ? reorgName(reorg) : name;
    },
    has: (name) => known.has(name),
    isSeen: (slot) => find(mainBranch).blocks.has(slot),
    add,
    addReorg(reorg) {
      add({ name: reorgName(reorg), fromSlot: reorg.slot - reorg.depth });
      reorgs.push(reorg);
    },
    miss: (slot) => void missed.add(slot),
  };
}

function reorgName(reorg: Reorg): string {
  return `left-behind-${reorg.slot}`;
}

function asFunction(participation: number | ((epoch: number) => number)): (epoch: number) => number {
  return typeof participation === "function" ? participation : () => participation;
}

function isMissedBy({ seed, missedSlots = 0 }: SimChainOptions, slot: number): boolean {
  if (typeof missedSlots === "function") return missedSlots(slot);
  return missedSlots > 0 && createStream(hashParts(seed, "missed", slot))() < missedSlots * 2 ** 32;
}
