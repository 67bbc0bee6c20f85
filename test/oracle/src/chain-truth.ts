/** What the oracle is asked for and what it answers: plain JSON, without a type of the library. Amounts are gwei. */

export type OraclePreset = "minimal" | "mainnet" | "gnosis";
export type OracleFork = "altair" | "bellatrix" | "capella" | "deneb" | "electra" | "fulu";

/** Shares are probabilities from 0 to 1. */
export interface ChainShares {
  emptySlots: number;
  /** Attesters that say nothing. */
  missing: number;
  wrongHead: number;
  wrongTarget: number;
  /** Votes that wait a random while, up to the whole inclusion window. */
  late: number;
  /** Attesters that vote twice, differently, in one slot (slashable, yet any block may include both). */
  double: number;
  /** Votes that are included again in later blocks and in several aggregates of one block. */
  duplicates: number;
  /** Blocks that nobody builds on. */
  orphans: number;
  /** Blocks that are built on an older one, which orphans what came between. */
  reorgs: number;
  syncMisses: number;
  /** Blocks with a slashing of a proposer, of attesters, and with an exit. */
  proposerSlashings: number;
  attesterSlashings: number;
  exits: number;
}

export interface ChainRequest {
  seed: number;
  fork: OracleFork;
  /** The fork that comes next, at the start of `transitionEpoch`. */
  nextFork?: OracleFork;
  transitionEpoch?: number;
  validators: number;
  epochs: number;
  shares: ChainShares;
}

export interface OracleBlock {
  root: string;
  parentRoot: string;
  slot: number;
  fork: OracleFork;
  isCanonical: boolean;
  /** `SignedBeaconBlock`, SSZ, 0x-prefixed. */
  ssz: string;
  /** Consensus reward of its proposer, per part, as the state transition paid it. */
  reward: { attestations: number; syncAggregate: number; slashings: number };
}

/** Deltas of one part for every validator, in gwei: `reward` is earned, `penalty` is taken. */
export interface ComponentDeltas {
  reward: number[];
  penalty: number[];
}

/** The truth about the duties of one epoch N, from the state at the last slot of N + 1, before its epoch processing. */
export interface EpochTruth {
  epoch: number;
  fork: OracleFork;
  /** Committees by slot of the epoch, then by committee. */
  committees: number[][][];
  proposers: number[];
  /** Validator of each seat; of the whole epoch. */
  syncCommittee: number[];
  /** `previous_epoch_participation`: bit 0 source, bit 1 target, bit 2 head. */
  participation: number[];
  /** In increments. */
  effectiveBalances: number[];
  balances: number[];
  slashed: boolean[];
  /** Slashed in the state at the last slot of N itself. */
  slashedByEnd: boolean[];
  activeInEpoch: boolean[];
  /** Eligible for rewards of N (`get_eligible_validator_indices`). */
  eligible: boolean[];
  /** Of N + 1, whose total balance is the base of rewards. */
  totalActiveIncrements: number;
  /** The same of N itself, at its first slot: the base of sync rewards. */
  activeIncrementsOfEpoch: number;
  /** After justification of the epoch transition, as rewards see them. */
  finalizedEpoch: number;
  isLeaking: boolean;
  /** After their update of the epoch transition, as penalties see them. */
  inactivityScores: number[];
  /** Rewards minus penalties that the epoch transition pays for N, by `get_flag_index_deltas` and inactivity. */
  deltas: number[];
  source: ComponentDeltas;
  target: ComponentDeltas;
  head: ComponentDeltas;
  inactivity: ComponentDeltas;
  /** Gwei of one seat for one block of the epoch N itself. */
  syncParticipantReward: number;
}

export interface ChainTruth {
  request: ChainRequest;
  preset: OraclePreset;
  /** As `GET /eth/v1/config/spec` answers. */
  spec: Record<string, unknown>;
  genesisRoot: string;
  genesisSlashed: boolean[];
  genesisValidatorsRoot: string;
  headRoot: string;
  /** By slot; orphaned ones included. */
  blocks: OracleBlock[];
  epochs: EpochTruth[];
}
