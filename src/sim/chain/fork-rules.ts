import { forkNames, type ForkName } from "../../chain/types.ts";

/** Numbers of the specification that changed from fork to fork. Balances are in increments (1 ETH). */
export interface ForkRules {
  /** Flags, sync committees and their rewards. Phase 0 paid by another scheme, which the simulation leaves out. */
  hasParticipationFlags: boolean;
  hasWithdrawals: boolean;
  /** EIP-7045: a vote can be included until the end of the next epoch. */
  hasWideInclusion: boolean;
  /** EIP-7549: one aggregate over all committees of a slot. */
  hasCommitteeBits: boolean;
  /** EIP-7251: balances up to 2048 ETH for compounding validators. */
  hasCompounding: boolean;
  /** EIP-7917: the proposers of the next epoch are fixed. */
  hasProposerLookahead: boolean;
  maxAttestations: number;
  inactivityPenaltyQuotient: number;
  minSlashingPenaltyQuotient: number;
  proportionalSlashingMultiplier: number;
  whistleblowerRewardQuotient: number;
}

const cache = new Map<ForkName, ForkRules>();

export function forkRules(fork: ForkName): ForkRules {
  const known = cache.get(fork);
  if (known) return known;
  const isFrom = (first: ForkName) => forkNames.indexOf(fork) >= forkNames.indexOf(first);
  const rules: ForkRules = {
    hasParticipationFlags: isFrom("altair"),
    hasWithdrawals: isFrom("capella"),
    hasWideInclusion: isFrom("deneb"),
    hasCommitteeBits: isFrom("electra"),
    hasCompounding: isFrom("electra"),
    hasProposerLookahead: isFrom("fulu"),
    maxAttestations: isFrom("electra") ? 8 : 128,
    inactivityPenaltyQuotient: isFrom("bellatrix") ? 2 ** 24 : 3 * 2 ** 24,
    minSlashingPenaltyQuotient: isFrom("electra") ? 4096 : isFrom("bellatrix") ? 32 : 64,
    proportionalSlashingMultiplier: isFrom("bellatrix") ? 3 : 2,
    whistleblowerRewardQuotient: isFrom("electra") ? 4096 : 512,
  };
  cache.set(fork, rules);
  return rules;
}

/** EFFECTIVE_BALANCE_INCREMENT, in gwei. */
export const increment = 1_000_000_000;
/** MAX_EFFECTIVE_BALANCE, and from Electra on that of compounding validators, in increments. */
export const maxEffective = 32;
export const maxEffectiveCompounding = 2048;
export const maxSeedLookahead = 4;
export const minWithdrawabilityDelay = 256;
/** Weights of timely source, target and head, in the order of their bits. */
export const flagWeights = [14, 26, 14] as const;
export const syncRewardWeight = 2;
export const proposerWeight = 8;
export const weightDenominator = 64;
