import type { EpochState, ExceptionKind, ExceptionOutcome } from "../../duties/types.ts";
import { AppError } from "../../lib/app-error.ts";
import { toNumber, type StoredInteger } from "../codec.ts";

/** Places in these lists are stored: new ones are added at the end. */
export const epochStates = ["live", "provisional", "final"] as const satisfies readonly EpochState[];

export const exceptionKinds = [
  "attestation",
  "proposal",
  "sync",
  "slashing",
] as const satisfies readonly ExceptionKind[];

export const exceptionOutcomes = [
  ...(["slashed", "missed", "orphaned", "empty-payload", "wrong-target", "wrong-head", "late", "sync-missed"] as const),
  ...(["wrong-fee-recipient", "wrong-relay", "underpaid"] as const),
] as const satisfies readonly ExceptionOutcome[];

type Missing =
  | Exclude<ExceptionOutcome, (typeof exceptionOutcomes)[number]>
  | Exclude<ExceptionKind, (typeof exceptionKinds)[number]>
  | Exclude<EpochState, (typeof epochStates)[number]>;
/** Fails to compile when something has no place in its list. */
const _complete: [Missing] extends [never] ? true : Missing = true;
void _complete;

/** Throws `AppError` `store-damaged` for a state that this version does not know. */
export function epochStateOf(stored: StoredInteger): EpochState {
  const state = epochStates[toNumber(stored)];
  if (state) return state;
  throw new AppError(
    `read an epoch from the store: its state is ${stored}. Run the version that wrote it, or restore a backup.`,
    {
      code: "store-damaged",
    },
  );
}

/** 2^22 of one epoch, in order of slots: four times a million validators. Epochs up to 2^31 keep ids exact. */
export const exceptionsPerEpoch = 2 ** 22;

export function exceptionId(epoch: number, position: number): number {
  return epoch * exceptionsPerEpoch + position;
}

/** One bit for the kind and one for the outcome. Each of an epoch's kinds and outcomes can so be found without reading its exceptions. */
export function exceptionBits(kind: ExceptionKind | undefined, outcome: ExceptionOutcome | undefined): number {
  const kindBit = kind === undefined ? 0 : 1 << exceptionKinds.indexOf(kind);
  return kindBit | (outcome === undefined ? 0 : 1 << (8 + exceptionOutcomes.indexOf(outcome)));
}
