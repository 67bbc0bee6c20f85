import { AppError } from "../../lib/app-error.ts";
import { createStream, hashParts } from "../hash.ts";
import type { DutyScript } from "./duty-script.ts";
import { mainBranch, type BranchOptions, type Reorg, type SimBlock, type SimChainOptions } from "./types.ts";

export interface Branch {
  name: string;
  /** The branch's own blocks by slot; `null` for an empty slot that was looked at. */
  blocks: Map<number, SimBlock | null>;
  isMissed: (slot: number) => boolean;
  /** The branch of whose validators its votes are: what a reorg leaves behind has the main branch's. */
  votesAs: string;
  script: DutyScript;
  participation: (epoch: number) => number;
}

export interface Branches {
  /** The branch that made, or will make, the slot's block for this one. Throws AppError for an unknown name. */
  ownerOf(slot: number, name: string): Branch;
  named(name: string): Branch;
  has(name: string): boolean;
  isSeen(slot: number): boolean;
  add(branch: BranchOptions): void;
  addReorg(reorg: Reorg): void;
  /** Names of the branches that reorgs of the main branch leave behind at this slot, the first one written first. */
  leftBehindAt(slot: number): readonly string[];
  miss(slot: number): void;
}

type Known = Branch & { parent: string | undefined; fromSlot: number };

/** The main branch and those that leave it, with the script of empty slots and reorgs. */
export function createBranches(options: SimChainOptions): Branches {
  const missed = new Set<number>();
  const leftBehind = new Map<number, string[]>();
  const known = new Map<string, Known>();
  known.set(mainBranch, {
    name: mainBranch,
    parent: undefined,
    fromSlot: -Infinity,
    blocks: new Map(),
    isMissed: (slot) => missed.has(slot) || isMissedBy(options, slot) || leftBehind.has(slot),
    votesAs: mainBranch,
    script: options.duties ?? {},
    participation: asFunction(options.participation ?? 1),
  });

  function find(name: string): Known {
    const branch = known.get(name);
    if (!branch)
      throw new AppError(`Read branch ${name} of the simulated chain: add it first.`, { code: "sim-branch-unknown" });
    return branch;
  }

  function add(branch: BranchOptions, more: Partial<Known> = {}): void {
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
      votesAs: branch.name,
      script: branch.duties ?? parent.script,
      participation: branch.participation === undefined ? parent.participation : asFunction(branch.participation),
      ...more,
    });
  }

  return {
    ownerOf(slot, name) {
      let branch = find(name);
      while (branch.parent !== undefined && slot < branch.fromSlot) branch = find(branch.parent);
      return branch;
    },
    named: find,
    has: (name) => known.has(name),
    isSeen: (slot) => find(mainBranch).blocks.has(slot),
    add,
    addReorg({ slot, depth }) {
      const name = `left-behind-${slot}`;
      // It grows no further than the block that leaves it behind.
      add({ name, fromSlot: slot - depth }, { votesAs: mainBranch, isMissed: (at) => at >= slot });
      for (let at = slot - depth; at < slot; at++) leftBehind.set(at, [...(leftBehind.get(at) ?? []), name]);
    },
    leftBehindAt: (slot) => leftBehind.get(slot) ?? [],
    miss: (slot) => void missed.add(slot),
  };
}

function asFunction(participation: number | ((epoch: number) => number)): (epoch: number) => number {
  return typeof participation === "function" ? participation : () => participation;
}

function isMissedBy({ seed, missedSlots = 0 }: SimChainOptions, slot: number): boolean {
  if (typeof missedSlots === "function") return missedSlots(slot);
  return missedSlots > 0 && createStream(hashParts(seed, "missed", slot))() < missedSlots * 2 ** 32;
}
