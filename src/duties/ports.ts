import type { BlockRef } from "../chain/types.ts";
import type { CallResult } from "../beacon/call-result.ts";
import type { FinalityCheckpoints } from "../beacon/routes.ts";
import type {
  AttestationReward,
  BlockFacts,
  CohortTotals,
  DutyException,
  DutyGap,
  EpochColumns,
  EpochCommittees,
  EpochResult,
  EpochState,
  ExceptionKind,
  ExceptionOutcome,
  ProposalOutcome,
  SlashingOutcome,
  SyncOutcome,
  ValidatorRecord,
} from "./types.ts";
import type { DutyRetention, StoredEpoch } from "./stored-epoch.ts";

/** In a file of their own: the web app reads them, and must not need what reading the chain needs. */
export type { DutyRetention, StoredEpoch };

/** Where duties read the chain: beacon nodes behind one face. Implemented over HTTP, and by tests. Calls never throw. */
export interface DutySource {
  head(signal: AbortSignal): Promise<CallResult<BlockRef>>;
  /** A block by its root. `undefined`: the node does not have it. */
  block(root: string, signal: AbortSignal): Promise<CallResult<BlockFacts | undefined>>;
  /** Roots of all blocks that the node knows at a slot, canonical or not. */
  rootsAt(slot: number, signal: AbortSignal): Promise<CallResult<readonly { root: string; isCanonical: boolean }[]>>;
  /** `stateId` as below; `head` unless given. */
  finality(signal: AbortSignal, stateId?: string): Promise<CallResult<FinalityCheckpoints>>;
  /** `stateId`: a slot, a root, `head`. Fails with status 404 where the node no longer holds that state. */
  committees(epoch: number, stateId: string, signal: AbortSignal): Promise<CallResult<EpochCommittees>>;
  /** Whose turn each slot of the epoch is, first slot first. */
  proposers(
    epoch: number,
    signal: AbortSignal,
  ): Promise<CallResult<{ dependentRoot: string | undefined; indices: readonly number[] }>>;
  /** Validator index of each seat. */
  syncCommittee(epoch: number, stateId: string, signal: AbortSignal): Promise<CallResult<Uint32Array>>;
  /** Records by index or key; `ids` undefined: everybody. `withoutStatus`: these are left out. */
  validators(
    stateId: string,
    ids: readonly string[] | undefined,
    options: { withoutStatus?: string },
    signal: AbortSignal,
  ): Promise<CallResult<readonly ValidatorRecord[]>>;
  /** Balances in gwei in the order of `indices`; NaN for one that is unknown. */
  balances(stateId: string, indices: Uint32Array, signal: AbortSignal): Promise<CallResult<Float64Array>>;
  /**
   * Fails with status 404, 405 or 501 where the node has no rewards endpoints. An ideal belongs to an effective balance:
   * `effectiveBalances` in gwei, in the order of `indices`, as they were in epoch N + 1; without it `ideal` is `undefined`.
   */
  attestationRewards(
    epoch: number,
    indices: Uint32Array,
    signal: AbortSignal,
    effectiveBalances?: ArrayLike<number>,
  ): Promise<CallResult<readonly AttestationReward[]>>;
  /** Gwei by validator index for the sync aggregate of one block. */
  syncRewards(root: string, signal: AbortSignal): Promise<CallResult<ReadonlyMap<number, number>>>;
  /** Consensus reward of a block's proposer, in gwei. */
  blockReward(root: string, signal: AbortSignal): Promise<CallResult<number>>;
  /** What was asked since start, for the cost that is reported. */
  readonly cost: { requests: number; bytesReceived: number; bytesSent: number };
}

/** How far judging came. Epochs up to these are stored in at least that state. */
export interface DutyCursor {
  provisionalEpoch: number;
  finalEpoch: number;
}

export interface ExceptionQuery {
  fromEpoch?: number;
  toEpoch?: number;
  validatorIndex?: number;
  kind?: ExceptionKind;
  outcome?: ExceptionOutcome;
  cause?: string;
  /** Opaque, from the page before. */
  before?: string;
  limit: number;
}

/** Where judged duties are kept. Implemented by `store`, SQLite and PostgreSQL alike. */
export interface DutyStore {
  cursor(): Promise<DutyCursor | undefined>;
  /**
   * One transaction: the epoch in its new state (replacing an earlier one) and the cursor. Saving it twice changes nothing. A lower
   * state does not replace a higher one unless `mayLower`, for judging again after a reorg of what was called final.
   */
  saveEpoch(result: EpochResult, cursor: DutyCursor, options?: { mayLower?: boolean }): Promise<void>;
  /** One transaction: the gap and the cursor that skips it. */
  saveGap(gap: DutyGap, cursor: DutyCursor): Promise<void>;
  gaps(fromEpoch: number, toEpoch: number): Promise<readonly DutyGap[]>;
  /** Oldest first. */
  epochs(fromEpoch: number, toEpoch: number): Promise<readonly StoredEpoch[]>;
  /** Newest epoch in at least this state; `undefined` where nothing is stored. */
  lastEpoch(state: EpochState): Promise<number | undefined>;
  /** The whole result of one epoch, exceptions and columns included. */
  result(epoch: number): Promise<EpochResult | undefined>;
  /** Columns of each stored epoch, oldest first, one at a time. */
  columns(
    fromEpoch: number,
    toEpoch: number,
  ): AsyncIterable<{ epoch: number; state: EpochState; columns: EpochColumns }>;
  /** Totals by epoch, oldest first. Without `key`: every cohort. */
  cohorts(
    fromEpoch: number,
    toEpoch: number,
    key?: string,
    value?: string,
  ): Promise<readonly (CohortTotals & { epoch: number })[]>;
  /** Totals by day, oldest first, of the days whose epochs went: see `DutyRetention`. */
  cohortDays(fromDay: number, toDay: number, key?: string, value?: string): Promise<readonly CohortDay[]>;
  /** Newest first. */
  exceptions(query: ExceptionQuery): Promise<{ items: readonly DutyException[]; nextBefore?: string }>;
  proposals(query: {
    fromEpoch: number;
    toEpoch: number;
    validatorIndex?: number;
  }): Promise<readonly (ProposalOutcome & { epoch: number })[]>;
  syncOutcomes(query: {
    fromEpoch: number;
    toEpoch: number;
    validatorIndex?: number;
  }): Promise<readonly (SyncOutcome & { epoch: number })[]>;
  slashings(fromEpoch: number, toEpoch: number): Promise<readonly (SlashingOutcome & { epoch: number })[]>;
  /** Drops columns, exceptions and per-epoch cohort rows that are older than their tiers keep; returns how many rows went. */
  expire(newestEpoch: number, keep: DutyRetention): Promise<number>;
}

/** One cohort over the epochs of one day. `day`: `floor((epoch + epochsBeforeGenesis) / epochsPerDay)`. */
export interface CohortDay extends CohortTotals {
  day: number;
  /** How many epochs were summed up. `validators`, `stake` and `slashed` of the totals are the newest one's. */
  epochs: number;
}
