import type { ForkName } from "../../chain/types.ts";
import type { Preset } from "../preset.ts";
import { forkRules, increment, maxEffective, maxEffectiveCompounding, type ForkRules } from "./fork-rules.ts";
import { baseRewardPerIncrement, type Ledger, type Settlement } from "./ledger.ts";
import { weigh } from "./light-state.ts";
import { earningsOf, scoreBias, type AttestationEarnings } from "./settle.ts";
import { withdrawableEpoch, type SimValidators } from "./validators.ts";

export interface TransitionFacts {
  validators: SimValidators;
  preset: Preset;
  /** The first epoch of the chain: what came before is not known, so that nothing is settled in it. */
  firstEpoch: number;
  /** Of the epoch that ends. */
  fork: ForkName;
  boundaryRoot: (epoch: number) => string;
}

/** MIN_EPOCHS_TO_INACTIVITY_PENALTY, INACTIVITY_SCORE_RECOVERY_RATE */
const epochsToLeak = 4;
const scoreRecovery = 16;

/**
 * consensus-specs `process_epoch` at the end of the ledger's epoch, in its order; changes the ledger. Deposits, churn and
 * ejections are left out: `validatorLife` says who comes and goes. In Phase 0 balances stand still.
 */
export function endEpoch(ledger: Ledger, facts: TransitionFacts): Settlement {
  const rules = forkRules(facts.fork);
  const { epoch } = ledger;
  const before = facts.validators.activeIndices(Math.max(0, epoch - 1));
  const participating = participatingBalances(before, ledger);
  if (epoch > facts.firstEpoch + 1) {
    ledger.light = weigh(ledger.light, {
      totalActive: ledger.totalActive,
      previousTarget: participating[1],
      currentTarget: participatingBalance(facts.validators.activeIndices(epoch), ledger.current, ledger, 1),
      boundaryRoot: facts.boundaryRoot,
    });
  }
  const isLeaking = epoch - 1 - ledger.light.finalized.epoch > epochsToLeak;
  const hasRewards = rules.hasParticipationFlags && epoch > facts.firstEpoch;
  if (hasRewards) updateScores(ledger, eligible(ledger, before, facts), isLeaking);
  const settlement: Settlement = {
    epoch: epoch - 1,
    flags: ledger.previous,
    effective: ledger.effective,
    scores: ledger.scores,
    slashed: ledger.slashed,
    totalActive: ledger.totalActive,
    baseRewardPerIncrement: ledger.baseRewardPerIncrement,
    participating: participating.map((sum) => Math.max(1, sum)) as [number, number, number],
    isLeaking,
    inactivityQuotient: rules.inactivityPenaltyQuotient,
    hasRewards,
  };
  if (hasRewards) payOut(ledger, settlement, eligible(ledger, before, facts));
  if (ledger.slashed.size > 0) penalizeSlashed(ledger, rules, facts);
  updateEffective(ledger, rules, facts.validators);
  ledger.previous = ledger.current;
  ledger.current = new Uint8Array(ledger.current.length);
  ledger.epoch = epoch + 1;
  ledger.light = { ...ledger.light, epoch: epoch + 1 };
  weighActive(ledger, facts);
  return settlement;
}

/** Fills in what follows from effective balances and who is active. */
export function weighActive(
  ledger: Ledger,
  { validators, preset }: Pick<TransitionFacts, "validators" | "preset">,
): void {
  let total = 0;
  for (const index of validators.activeIndices(ledger.epoch)) total += ledger.effective[index] ?? 0;
  ledger.totalActive = Math.max(1, total);
  ledger.baseRewardPerIncrement = baseRewardPerIncrement(ledger.totalActive, preset.baseRewardFactor);
}

function participatingBalances(active: Uint32Array, ledger: Ledger): [number, number, number] {
  return [0, 1, 2].map((flag) => participatingBalance(active, ledger.previous, ledger, flag)) as [
    number,
    number,
    number,
  ];
}

/** `get_unslashed_participating_indices`, summed in increments. */
function participatingBalance(active: Uint32Array, flags: Uint8Array, { effective, slashed }: Ledger, flag: number) {
  let sum = 0;
  for (const index of active) if ((flags[index] ?? 0) & (1 << flag)) sum += effective[index] ?? 0;
  for (const index of slashed.keys()) {
    if ((flags[index] ?? 0) & (1 << flag) && isIn(active, index)) sum -= effective[index] ?? 0;
  }
  return sum;
}

/** Those active in the epoch before, and the slashed until they can be withdrawn. */
function eligible(ledger: Ledger, active: Uint32Array, { validators, preset }: TransitionFacts): Iterable<number> {
  const more = [...ledger.slashed].flatMap(([index, slashedEpoch]) => {
    if (isIn(active, index)) return [];
    const until = withdrawableEpoch(validators.life(index), slashedEpoch, preset.epochsPerSlashingsVector);
    return ledger.epoch < until ? [index] : [];
  });
  return more.length === 0 ? active : [...active, ...more];
}

/** Is the index in a rising list? */
function isIn(list: Uint32Array, index: number): boolean {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = list[middle] ?? 0;
    if (found === index) return true;
    if (found < index) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** `process_inactivity_updates` */
function updateScores(ledger: Ledger, who: Iterable<number>, isLeaking: boolean): void {
  // Without a leak a miss adds 4 and the recovery takes 16: from 0 a score stays 0.
  if (!ledger.scores && !isLeaking) return;
  const scores = ledger.scores?.slice() ?? new Uint32Array(ledger.balances.length);
  let hasAny = false;
  for (const index of who) {
    const hasTarget = ((ledger.previous[index] ?? 0) & 2) !== 0 && !ledger.slashed.has(index);
    let score = scores[index] ?? 0;
    score = hasTarget ? Math.max(0, score - 1) : score + scoreBias;
    if (!isLeaking) score = Math.max(0, score - scoreRecovery);
    scores[index] = score;
    hasAny ||= score > 0;
  }
  ledger.scores = hasAny ? scores : undefined;
}

function payOut(ledger: Ledger, settlement: Settlement, who: Iterable<number>): void {
  const { balances } = ledger;
  const { flags, effective, scores, slashed } = settlement;
  // Nearly everybody is like somebody before.
  const known: (AttestationEarnings | undefined)[] = [];
  for (const index of who) {
    const isUsual = !scores?.[index] && (slashed.size === 0 || !slashed.has(index));
    const like = (effective[index] ?? 0) * 8 + ((flags[index] ?? 0) & 7);
    const earnings = (isUsual ? known[like] : undefined) ?? earningsOf(settlement, index);
    if (isUsual) known[like] = earnings;
    const { source, target, head, inactivity } = earnings;
    let balance = balances[index] ?? 0;
    // One after the other, as each stops at nothing.
    balance = Math.max(0, balance + source);
    balance = Math.max(0, balance + target);
    balances[index] = Math.max(0, balance + head + inactivity);
  }
}

/** `process_slashings`: half-way to withdrawal, in proportion to what was slashed around then. */
function penalizeSlashed(ledger: Ledger, rules: ForkRules, { validators, preset }: TransitionFacts): void {
  const half = preset.epochsPerSlashingsVector / 2;
  let sum = 0;
  for (const [epoch, amount] of ledger.slashings) {
    if (epoch > ledger.epoch - preset.epochsPerSlashingsVector) sum += amount;
  }
  const total = BigInt(ledger.totalActive) * BigInt(increment);
  const adjusted = [BigInt(sum * rules.proportionalSlashingMultiplier) * BigInt(increment), total].reduce((a, b) =>
    a < b ? a : b,
  );
  for (const [index, slashedEpoch] of ledger.slashed) {
    const until = withdrawableEpoch(validators.life(index), slashedEpoch, preset.epochsPerSlashingsVector);
    if (ledger.epoch + half !== until) continue;
    const effective = BigInt(ledger.effective[index] ?? 0);
    const penalty = rules.hasCompounding
      ? (adjusted / BigInt(ledger.totalActive)) * effective
      : ((effective * adjusted) / total) * BigInt(increment);
    ledger.balances[index] = Math.max(0, (ledger.balances[index] ?? 0) - Number(penalty));
  }
}

/** `process_effective_balance_updates`, with its hysteresis of a quarter down and five quarters up. */
function updateEffective(ledger: Ledger, rules: ForkRules, validators: SimValidators): void {
  const { balances, effective } = ledger;
  let changed: Uint16Array | undefined;
  for (let index = 0; index < balances.length; index++) {
    const balance = balances[index] ?? 0;
    const now = (effective[index] ?? 0) * increment;
    if (balance + increment / 4 >= now && now + (increment * 5) / 4 >= balance) continue;
    const next = effectiveOf(balance, rules.hasCompounding && validators.isCompounding(index));
    if (next === effective[index]) continue;
    changed ??= effective.slice();
    changed[index] = next;
  }
  if (changed) ledger.effective = changed;
}

/** In increments. */
export function effectiveOf(balanceGwei: number, isCompounding: boolean): number {
  return Math.min(Math.floor(balanceGwei / increment), isCompounding ? maxEffectiveCompounding : maxEffective);
}
