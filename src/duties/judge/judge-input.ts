import type { AttestationReward, BlockFacts, EpochState } from "../types.ts";
import type { CanonicalView } from "./canonical-view.ts";
import type { DutySpec } from "./duty-spec.ts";
import type { EpochLedger } from "./epoch-ledger.ts";
import type { CauseOf, OrphanedBlock } from "./lost-duty.ts";

/** Everything that decides one epoch N. Optional parts that are absent become caveats, never guesses. */
export interface JudgeInput {
  epoch: number;
  state: EpochState;
  judgedAt: number;
  spec: DutySpec;
  /** Of epoch N, with all of `blocks` applied. */
  ledger: EpochLedger;
  /** Reaches from the last block at or before N's first slot to the last of `blocks`. */
  chain: CanonicalView;
  /** Canonical blocks of epochs N and N + 1 as far as they are there, oldest first. */
  blocks: readonly BlockFacts[];
  /** Blocks of epoch N that were seen and are not canonical. */
  orphans: readonly OrphanedBlock[];
  /** Whose turn each slot of N is, first slot first. */
  proposers: readonly number[] | undefined;
  /** Validator index of each seat, for the period of N; `undefined` also before Altair. */
  syncCommittee: Uint32Array | undefined;
  watched: WatchedValidators;
  /** Every cohort but the whole set, which is always judged. */
  cohorts: readonly CohortMembers[];
  network: NetworkStake | undefined;
  rewards: NodeRewards | undefined;
  /** Finalized epoch in the state at the first slot of N + 2 (before that, the newest known): tells an inactivity leak. */
  finalizedEpoch: number | undefined;
  /**
   * Slashed before the first slot of N: blocks may name it again, and nothing happens. Absent: only slashings within the
   * blocks of N are told apart, and one that is named again counts again.
   */
  slashedBefore?: (validatorIndex: number) => boolean;
  /** What the customer of a validator allows; `undefined`: anything. */
  policyOf?: (validatorIndex: number) => ProposalPolicy | undefined;
  /**
   * What the relays say of a block. `undefined`: they could not be asked, and then nothing is said against its fee
   * recipient unless relays are forbidden. Where no relay is in use at all, answer `{}` for every block.
   */
  relayOf?: (slot: number, blockHash: string) => RelayDelivery | undefined;
  causeOf?: CauseOf;
}

/** Columns of equal length; `undefined`: nobody told it. Facts are of a state in epoch N + 1 (see rewards). */
export interface WatchedValidators {
  /** Rising. */
  indices: Uint32Array;
  /** In increments. */
  effectiveBalance: Uint16Array | undefined;
  /** In gwei; NaN where unknown. */
  balance: Float64Array | undefined;
  /** 1: slashed. */
  slashed: Uint8Array | undefined;
}

export interface CohortMembers {
  key: string;
  value: string;
  /** Places in `watched.indices`. */
  members: Uint32Array;
}

/**
 * Stake of the whole chain, as in epoch N + 1: rewards of N are paid from the state at the last slot of N + 1, with its
 * effective balances and the total active balance of N + 1 (`process_rewards_and_penalties`).
 */
export interface NetworkStake {
  /** In increments, by validator index. */
  effectiveBalance: Uint16Array;
  /** 1: slashed, by validator index. Slashings in the blocks given are added. */
  slashed: Uint8Array | undefined;
  /** Sum of increments over validators that are active in N + 1. */
  activeIncrements: number;
  /** The same of epoch N with N's effective balances, for sync rewards. */
  activeIncrementsOfEpoch: number | undefined;
}

/** What a node's rewards endpoints say. */
export interface NodeRewards {
  /** Of the watched validators, in any order; `undefined`: not to be had. */
  attestations: readonly AttestationReward[] | undefined;
  /** By block root, then validator index: sum over its seats in gwei. */
  sync: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** By block root, in gwei. */
  blocks: ReadonlyMap<string, number>;
}

export interface ProposalPolicy {
  /** Lower case. Empty: any. */
  feeRecipients: readonly string[];
  relays: "any" | "required" | "forbidden";
}

export interface RelayDelivery {
  /** Absent: no relay that was asked delivered it. */
  relay?: string;
  /** To whom the relay made the builder pay, lower case. */
  proposerFeeRecipient?: string;
  /** In gwei. */
  valuePromised?: number;
}
