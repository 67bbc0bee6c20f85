import { flagWeights, increment, weightDenominator } from "./fork-rules.ts";
import type { Settlement } from "./ledger.ts";

/** What one validator's attestation of an epoch earned, in gwei; negative is a penalty. */
export interface AttestationEarnings {
  source: number;
  target: number;
  head: number;
  inactivity: number;
}

/** INACTIVITY_SCORE_BIAS */
export const scoreBias = 4;

/** `get_flag_index_deltas` and `get_inactivity_penalty_deltas` of one validator. */
export function earningsOf(settlement: Settlement, index: number): AttestationEarnings {
  const effective = settlement.effective[index] ?? 0;
  const flags = settlement.slashed.has(index) ? 0 : (settlement.flags[index] ?? 0);
  const part = (flag: 0 | 1 | 2) => {
    if (flags & (1 << flag)) return settlement.isLeaking ? 0 : idealPart(settlement, effective, flag);
    return flag === 2 ? 0 : -missPenalty(settlement, effective, flag);
  };
  const score = settlement.scores?.[index] ?? 0;
  return {
    source: part(0),
    target: part(1),
    head: part(2),
    inactivity: flags & 2 || score === 0 ? 0 : -inactivityPenalty(effective, score, settlement.inactivityQuotient),
  };
}

/** Gwei that a flag earned at this effective balance (increments), leak aside. */
export function idealPart(settlement: Settlement, effective: number, flag: 0 | 1 | 2): number {
  const { baseRewardPerIncrement, participating, totalActive } = settlement;
  const numerator = effective * baseRewardPerIncrement * flagWeights[flag] * participating[flag];
  return Math.floor(numerator / (totalActive * weightDenominator));
}

function missPenalty(settlement: Settlement, effective: number, flag: 0 | 1): number {
  return Math.floor((effective * settlement.baseRewardPerIncrement * flagWeights[flag]) / weightDenominator);
}

/** The product outgrows a double after some thousand epochs without finality. */
function inactivityPenalty(effective: number, score: number, quotient: number): number {
  const product = effective * increment * score;
  const divisor = scoreBias * quotient;
  if (Number.isSafeInteger(product)) return Math.floor(product / divisor);
  return Number((BigInt(effective) * BigInt(increment) * BigInt(score)) / BigInt(divisor));
}
