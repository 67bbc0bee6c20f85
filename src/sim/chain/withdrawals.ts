import type { Preset } from "../preset.ts";
import { increment, maxEffective, maxEffectiveCompounding, type ForkRules } from "./fork-rules.ts";
import type { Ledger } from "./ledger.ts";
import { withdrawableEpoch, type SimValidators } from "./validators.ts";

export interface Withdrawal {
  index: number;
  validatorIndex: number;
  /** In gwei. */
  amount: number;
}

/**
 * `get_expected_withdrawals` and `process_withdrawals`: the sweep over a few validators per block takes what is above
 * the maximum, and everything of those who left. Changes the ledger.
 */
export function payWithdrawals(
  ledger: Ledger,
  rules: ForkRules,
  { validators, preset }: { validators: SimValidators; preset: Preset },
): readonly Withdrawal[] {
  const count = validators.count;
  const sweep = Math.min(count, preset.maxValidatorsPerWithdrawalsSweep);
  const found: Withdrawal[] = [];
  for (let step = 0; step < sweep && found.length < preset.maxWithdrawalsPerPayload; step++) {
    const validatorIndex = (ledger.nextWithdrawalValidator + step) % count;
    const amount = withdrawable(ledger, rules, validatorIndex, validators, preset);
    if (amount > 0) found.push({ index: ledger.nextWithdrawalIndex + found.length, validatorIndex, amount });
  }
  for (const { validatorIndex, amount } of found) {
    ledger.balances[validatorIndex] = (ledger.balances[validatorIndex] ?? 0) - amount;
  }
  const last = found.length === preset.maxWithdrawalsPerPayload ? found.at(-1) : undefined;
  const next = last
    ? last.validatorIndex + 1
    : ledger.nextWithdrawalValidator + preset.maxValidatorsPerWithdrawalsSweep;
  ledger.nextWithdrawalValidator = next % count;
  ledger.nextWithdrawalIndex += found.length;
  return found;
}

function withdrawable(
  { balances, effective, slashed, epoch }: Ledger,
  rules: ForkRules,
  index: number,
  validators: SimValidators,
  preset: Preset,
): number {
  const balance = balances[index] ?? 0;
  if (balance === 0) return 0;
  const life = validators.life(index);
  if (withdrawableEpoch(life, slashed.get(index), preset.epochsPerSlashingsVector) <= epoch) return balance;
  const most = rules.hasCompounding && validators.isCompounding(index) ? maxEffectiveCompounding : maxEffective;
  return effective[index] === most && balance > most * increment ? balance - most * increment : 0;
}
