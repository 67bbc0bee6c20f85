import type { Ledger } from "./ledger.ts";
import type { SimValidators } from "./validators.ts";
import { withdrawableEpoch } from "./validators.ts";

/** A validator in a state; `Infinity` is FAR_FUTURE_EPOCH. */
export interface ValidatorEntry {
  status: string;
  /** In gwei. */
  balance: number;
  effectiveBalance: number;
  isSlashed: boolean;
  activationEligibilityEpoch: number;
  activationEpoch: number;
  exitEpoch: number;
  withdrawableEpoch: number;
}

/** Finality of the deposit takes three epochs more than the activation after it. */
const epochsToActivation = 8;
const epochsAfterDequeue = 4;

/** The record as the specification's state would hold it after the last block's slot, and the status by beacon-APIs. */
export function validatorEntry(
  validators: SimValidators,
  ledger: Ledger,
  blockSlot: number,
  index: number,
  epochsPerSlashingsVector: number,
): ValidatorEntry {
  const life = validators.life(index);
  const { epoch } = ledger;
  const eligibleFrom = Math.max(0, life.activationEpoch - epochsToActivation);
  const isActivationKnown = epoch >= life.activationEpoch - epochsAfterDequeue;
  const isExitKnown = validators.exitKnownFrom(index) <= blockSlot;
  const entry = {
    balance: ledger.balances[index] ?? 0,
    effectiveBalance: (ledger.effective[index] ?? 0) * 1_000_000_000,
    isSlashed: ledger.slashed.has(index),
    activationEligibilityEpoch: eligibleFrom <= epoch ? eligibleFrom : Infinity,
    activationEpoch: isActivationKnown ? life.activationEpoch : Infinity,
    exitEpoch: isExitKnown ? life.exitEpoch : Infinity,
    withdrawableEpoch: isExitKnown
      ? withdrawableEpoch(life, ledger.slashed.get(index), epochsPerSlashingsVector)
      : Infinity,
  };
  return { ...entry, status: statusOf(entry, epoch) };
}

function statusOf(entry: Omit<ValidatorEntry, "status">, epoch: number): string {
  if (epoch < entry.activationEpoch) {
    return entry.activationEligibilityEpoch === Infinity ? "pending_initialized" : "pending_queued";
  }
  if (epoch < entry.exitEpoch) {
    if (entry.exitEpoch === Infinity) return "active_ongoing";
    return entry.isSlashed ? "active_slashed" : "active_exiting";
  }
  if (epoch < entry.withdrawableEpoch) return entry.isSlashed ? "exited_slashed" : "exited_unslashed";
  return entry.balance > 0 ? "withdrawal_possible" : "withdrawal_done";
}
