import type { Checkpoint } from "../../chain/types.ts";

/** The part of a beacon state that decides finality; votes are counted in validators of equal balance. */
export interface LightState {
  epoch: number;
  previousJustified: Checkpoint;
  justified: Checkpoint;
  finalized: Checkpoint;
  /** Was the epoch that many epochs ago justified? Index 0 is the current one. */
  justificationBits: readonly [boolean, boolean, boolean, boolean];
  /** Validators whose vote for the epoch's target is on chain. */
  previousTargetVotes: number;
  currentTargetVotes: number;
}

export interface EpochFacts {
  /** The first epoch of the chain: the two epochs from it on are never weighed. */
  firstEpoch: number;
  activeAt: (epoch: number) => number;
  /** Root of the last block at or before the epoch's first slot. */
  boundaryRoot: (epoch: number) => string;
}

export function firstLightState(anchor: Checkpoint): LightState {
  return {
    epoch: anchor.epoch,
    previousJustified: anchor,
    justified: anchor,
    finalized: anchor,
    justificationBits: [false, false, false, false],
    previousTargetVotes: 0,
    currentTargetVotes: 0,
  };
}

/** Epoch processing up to `epoch` (consensus-specs `process_justification_and_finalization`, Altair and later). */
export function advanceTo(state: LightState, epoch: number, facts: EpochFacts): LightState {
  let current = state;
  while (current.epoch < epoch) current = nextEpoch(current, facts);
  return current;
}

function nextEpoch(state: LightState, facts: EpochFacts): LightState {
  const weighed = state.epoch <= facts.firstEpoch + 1 ? state : weigh(state, facts);
  return {
    ...weighed,
    epoch: state.epoch + 1,
    previousTargetVotes: state.currentTargetVotes,
    currentTargetVotes: 0,
  };
}

/** consensus-specs `weigh_justification_and_finalization`. */
function weigh(state: LightState, { activeAt, boundaryRoot }: EpochFacts): LightState {
  const { epoch, previousJustified: oldPrevious, justified: oldCurrent } = state;
  const bits: [boolean, boolean, boolean, boolean] = [
    false,
    ...(state.justificationBits.slice(0, 3) as [boolean, boolean, boolean]),
  ];
  let justified = oldCurrent;
  // Both shares are of the current epoch's active balance, as in the specification.
  const active = activeAt(epoch);
  if (state.previousTargetVotes * 3 >= active * 2) {
    justified = { epoch: epoch - 1, root: boundaryRoot(epoch - 1) };
    bits[1] = true;
  }
  if (state.currentTargetVotes * 3 >= active * 2) {
    justified = { epoch, root: boundaryRoot(epoch) };
    bits[0] = true;
  }
  let finalized = state.finalized;
  if (bits[1] && bits[2] && bits[3] && oldPrevious.epoch + 3 === epoch) finalized = oldPrevious;
  if (bits[1] && bits[2] && oldPrevious.epoch + 2 === epoch) finalized = oldPrevious;
  if (bits[0] && bits[1] && bits[2] && oldCurrent.epoch + 2 === epoch) finalized = oldCurrent;
  if (bits[0] && bits[1] && oldCurrent.epoch + 1 === epoch) finalized = oldCurrent;
  return { ...state, previousJustified: oldCurrent, justified, finalized, justificationBits: bits };
}
