import type { DutyCursor } from "../ports.ts";

export interface PlanInput {
  /** Nothing is stored yet: begin with the newest epochs. */
  cursor: DutyCursor | undefined;
  slotsPerEpoch: number;
  /** Of the wall clock. */
  currentSlot: number;
  /** Of the chain as the nodes see it. */
  headSlot: number;
  finalizedEpoch: number;
  /** How many past epochs are worth reading again after a pause; older ones become a gap. */
  maxBackfillEpochs: number;
  /** Epochs that could not be judged never become final: they are passed over. */
  isGap?: (epoch: number) => boolean;
}

/** What to do next, one step at a time, so that a crash between two steps loses nothing. */
export type EpochPlan =
  | { kind: "judge"; epoch: number }
  | { kind: "finalize"; epoch: number }
  | { kind: "skip"; fromEpoch: number; toEpoch: number }
  | { kind: "wait"; reason: "up-to-date" | "head-behind" | "before-genesis" };

/** With nothing stored, judging begins this many epochs back, so that the page has something to show. */
const firstEpochs = 3;

/**
 * Duties of epoch N are judged once N + 1 has ended and the head shows it: a head that stays behind proves nothing about what
 * was included. Half an epoch later an older head of N + 1 must do, for its last slots may be empty. Duties are final once
 * an epoch from N + 2 on is finalized.
 */
export function planEpochs(input: PlanInput): EpochPlan {
  const { slotsPerEpoch, currentSlot, headSlot, finalizedEpoch, maxBackfillEpochs } = input;
  const newest = Math.floor(currentSlot / slotsPerEpoch) - 2;
  if (newest < 0) return { kind: "wait", reason: "before-genesis" };
  const cursor = input.cursor ?? beforeEpoch(Math.max(0, newest - firstEpochs + 1));

  const next = cursor.provisionalEpoch + 1;
  if (next <= newest) {
    if (newest - next >= maxBackfillEpochs)
      return { kind: "skip", fromEpoch: next, toEpoch: newest - maxBackfillEpochs };
    const end = (next + 2) * slotsPerEpoch;
    const isLate = currentSlot >= end + slotsPerEpoch / 2;
    if (headSlot >= (isLate ? end - slotsPerEpoch : end - 1)) return { kind: "judge", epoch: next };
  }
  let nextFinal = cursor.finalEpoch + 1;
  while (nextFinal <= cursor.provisionalEpoch && input.isGap?.(nextFinal)) nextFinal++;
  if (nextFinal <= cursor.provisionalEpoch && nextFinal + 2 <= finalizedEpoch)
    return { kind: "finalize", epoch: nextFinal };
  return { kind: "wait", reason: next <= newest ? "head-behind" : "up-to-date" };
}

/** Everything before this epoch counts as dealt with. */
export function beforeEpoch(epoch: number): DutyCursor {
  return { provisionalEpoch: epoch - 1, finalEpoch: epoch - 1 };
}

/** Epochs, stored but not final, whose blocks changed when all after `commonSlot` did. */
export function epochsToJudgeAgain(cursor: DutyCursor, commonSlot: number, slotsPerEpoch: number): readonly number[] {
  const again: number[] = [];
  for (let epoch = cursor.finalEpoch + 1; epoch <= cursor.provisionalEpoch; epoch++)
    if ((epoch + 2) * slotsPerEpoch - 1 > commonSlot) again.push(epoch);
  return again;
}
