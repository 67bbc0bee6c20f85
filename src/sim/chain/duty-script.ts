/** What one validator's vote of a slot is like. What is absent is right: in time, for the head and target it saw. */
export interface ScriptedVote {
  /** `false`: no vote at all. */
  attests?: boolean;
  /** It reaches blocks that many slots late: the first that can hold it is the one of `slot + 1 + lateSlots`. */
  lateSlots?: number;
  /** Votes for the parent of the head, or of the target's block. */
  wrongHead?: boolean;
  wrongTarget?: boolean;
}

/** What becomes of a proposal. A late block arrives so many milliseconds after its slot's start, within the slot. */
export type ScriptedProposal = "missed" | "orphaned" | { lateMs: number };

/**
 * What validators do wrong on a branch, as pure functions of validator and slot: asked more than once, they must answer
 * the same. `undefined` (and an absent function) is a duty done right.
 */
export interface DutyScript {
  /** At the validator's slot of the epoch. */
  attestation?: (index: number, slot: number) => ScriptedVote | undefined;
  /** `true`: the seats of the validator are empty in the sync aggregate of the block of this slot. */
  missesSync?: (index: number, slot: number) => boolean;
  /** Of the slot's proposer. `orphaned` is left behind by the next block, on the main branch only. */
  proposal?: (index: number, slot: number) => ScriptedProposal | undefined;
}

/** How proposers group what they heard. */
export interface Packing {
  /** Aggregates per vote (and committee before Electra) that overlap, as those of several aggregators do. Default 1. */
  aggregates: number;
  /** Aggregates of the parent block that a block holds once more, while there is room. Default 0. */
  repeats: number;
}
