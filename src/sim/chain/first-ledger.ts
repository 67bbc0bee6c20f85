import type { ForkName } from "../../chain/types.ts";
import type { Preset } from "../preset.ts";
import { effectiveOf, weighActive } from "./epoch-transition.ts";
import { forkRules } from "./fork-rules.ts";
import type { Ledger } from "./ledger.ts";
import type { SimBlock, SimChainOptions } from "./types.ts";
import type { SimValidators } from "./validators.ts";

/** The state of the chain's first block: full balances, no votes yet, whoever was slashed before. */
export function firstLedger(facts: {
  options: Pick<SimChainOptions, "validatorLife" | "startBalance">;
  validators: SimValidators;
  preset: Preset;
  anchor: SimBlock;
  slotsPerEpoch: number;
  fork: ForkName;
}): Ledger {
  const { options, validators, preset, anchor, slotsPerEpoch } = facts;
  const { count } = validators;
  const { hasCompounding } = forkRules(facts.fork);
  const balances = new Float64Array(count);
  const effective = new Uint16Array(count);
  const slashed = new Map<number, number>();
  const slashings = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const balance = validators.startBalance(index);
    balances[index] = balance;
    effective[index] = effectiveOf(balance, hasCompounding && validators.isCompounding(index));
    const offence = options.validatorLife && validators.life(index).slashed;
    if (!offence || offence.slot > anchor.slot) continue;
    const epoch = Math.floor(offence.slot / slotsPerEpoch);
    slashed.set(index, epoch);
    slashings.set(epoch, (slashings.get(epoch) ?? 0) + (effective[index] ?? 0));
  }
  const ledger: Ledger = {
    epoch: anchor.state.epoch,
    light: anchor.state,
    balances,
    effective,
    previous: new Uint8Array(count),
    current: new Uint8Array(count),
    scores: undefined,
    slashed,
    slashings,
    nextWithdrawalIndex: 0,
    nextWithdrawalValidator: 0,
    totalActive: 1,
    baseRewardPerIncrement: 0,
  };
  weighActive(ledger, { validators, preset });
  return ledger;
}
