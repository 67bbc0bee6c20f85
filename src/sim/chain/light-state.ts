import type { Checkpoint } from "../../chain/types.ts";

/** The part of a beacon state that tells finality. */
export interface LightState {
  epoch: number;
  previousJustified: Checkpoint;
  justified: Checkpoint;
  finalized: Checkpoint;
  /** Was the epoch that many epochs ago justified? Index 0 is the current one. */
  justificationBits: readonly [boolean, boolean, boolean, boolean];
}

/** Balances in increments; the roots of the last blocks at or before the epochs' first slots. */
export interface TargetWeights {
  totalActive: number;
  previousTarget: number;
  currentTarget: number;
  boundaryRoot: (epoch: number) => string;
}

export function firstLightState(anchor: Checkpoint): LightState {
  return {
    epoch: anchor.epoch,
    previousJustified: anchor,
    justified: anchor,
    finalized: anchor,
    justificationBits: [false, false, false, false],
  };
}

/** consensus-specs `weigh_justification_and_finalization`, at the end of the state's epoch. */
export function weigh(state: LightState, weights: TargetWeights): LightState {
  const { epoch, previousJustified: oldPrevious, justified: oldCurrent } = state;
  const bits: [boolean, boolean, boolean, boolean] = [
    false,
    ...(state.justificationBits.slice(0, 3) as [boolean, boolean, boolean]),
  ];
  let justified = oldCurrent;
  // Both shares are of the current epoch's active balance, as in the specification.
  const { totalActive, boundaryRoot } = weights;
  if (weights.previousTarget * 3 >= totalActive * 2) {
    justified = { epoch: epoch - 1, root: boundaryRoot(epoch - 1) };
    bits[1] = true;
  }
  if (weights.currentTarget * 3 >= totalActive * 2) {
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
