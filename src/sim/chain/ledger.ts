import type { LightState } from "./light-state.ts";

/** `PARTICIPATION_FLAG` bits as the specification numbers them, and one of our own. */
export const flagBits = { source: 1, target: 2, head: 4, included: 8 } as const;

/** The part of a beacon state that duties move, after a block or at the start of an epoch. Do not change what you are given. */
export interface Ledger {
  epoch: number;
  light: LightState;
  /** In gwei, by validator. */
  balances: Float64Array;
  /** Effective balances in increments. */
  effective: Uint16Array;
  /** Participation of the epoch before and of this one, with `flagBits`. */
  previous: Uint8Array;
  current: Uint8Array;
  /** Inactivity scores; `undefined` while all are 0. */
  scores: Uint32Array | undefined;
  /** Epoch of the slashing by validator. */
  slashed: ReadonlyMap<number, number>;
  /** Slashed effective balance by epoch, in increments. */
  slashings: ReadonlyMap<number, number>;
  nextWithdrawalIndex: number;
  nextWithdrawalValidator: number;
  /** Active balance of the epoch in increments, and what an increment earns at most in an epoch, in gwei. */
  totalActive: number;
  baseRewardPerIncrement: number;
}

/** What attestations of an epoch earned, as settled at the end of the next one. Increments; `weights` by flag. */
export interface Settlement {
  /** The epoch of the attestations. */
  epoch: number;
  flags: Uint8Array;
  effective: Uint16Array;
  scores: Uint32Array | undefined;
  slashed: ReadonlyMap<number, number>;
  totalActive: number;
  baseRewardPerIncrement: number;
  /** Unslashed balance with timely source, target and head. */
  participating: readonly [number, number, number];
  isLeaking: boolean;
  inactivityQuotient: number;
  hasRewards: boolean;
}

export function cloneLedger(ledger: Ledger): Ledger {
  return {
    ...ledger,
    balances: ledger.balances.slice(),
    previous: ledger.previous.slice(),
    current: ledger.current.slice(),
  };
}

/** Gwei that an increment of effective balance earns (`get_base_reward_per_increment`). */
export function baseRewardPerIncrement(totalActive: number, factor: number): number {
  const gwei = BigInt(totalActive) * 1_000_000_000n;
  return Math.floor((1_000_000_000 * factor) / Number(integerSqrt(gwei)));
}

export function integerSqrt(value: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root--;
  while ((root + 1n) * (root + 1n) <= value) root++;
  return root;
}
