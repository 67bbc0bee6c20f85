import type { Checkpoint, ForkName } from "../chain/types.ts";

/** Roots are 0x-prefixed, 32 bytes, lower case. Amounts are gwei; they fit a double exactly. Indices are validator indices. */

// ---------------------------------------------------------------------------------------------------- what is read

/** Committees of one epoch, flat: 1,000,000 validators take 4 MB. */
export interface EpochCommittees {
  epoch: number;
  committeesPerSlot: number;
  /** Members of all committees, by slot, then committee, then position. */
  members: Uint32Array;
  /** Where committee `c` of the epoch's slot `s` begins: `offsets[s * committeesPerSlot + c]`; one more at the end. */
  offsets: Uint32Array;
}

/** What of one canonical block decides duties. */
export interface BlockFacts {
  root: string;
  slot: number;
  parentRoot: string;
  stateRoot: string;
  proposerIndex: number;
  fork: ForkName;
  graffiti: string;
  attestations: readonly AttestationFacts[];
  /** Seats of the sync committee that signed, bit by bit, little-endian within a byte; absent before Altair. */
  syncBits: Uint8Array | undefined;
  /** Indices that this block slashes. */
  proposerSlashed: readonly number[];
  attesterSlashed: readonly number[];
  /** Indices whose voluntary exit this block holds. */
  exits: readonly number[];
  /** Absent before Bellatrix, and from Gloas on, where a block holds a bid and the payload comes apart. */
  payload: PayloadFacts | undefined;
  /** From Gloas on. */
  bid?: BidFacts;
}

/** One attestation of a block, of any fork: before Electra it has one committee, `data.index`. */
export interface AttestationFacts {
  /** The slot that it votes for. */
  slot: number;
  /** `data.index`: the committee before Electra, 0 in Electra and Fulu, the payload's status from Gloas on. */
  dataIndex: number;
  /** Committee indices, rising; `bits` are their members one committee after the other. */
  committees: readonly number[];
  /** Without the bit that marks the length. */
  bits: Uint8Array;
  bitLength: number;
  headRoot: string;
  source: Checkpoint;
  target: Checkpoint;
}

export interface PayloadFacts {
  /** Lower case. */
  feeRecipient: string;
  blockHash: string;
  blockNumber: number;
  gasUsed: number;
  transactions: number;
  /** As text where it is text, else hex. */
  extraData: string;
  /** The last transaction, where it is a plain payment: so builders pay proposers. */
  lastTransfer?: TransferFacts;
}

export interface TransferFacts {
  /** Lower case. */
  to: string;
  /** In gwei, rounded down. */
  value: number;
}

/**
 * The builder's bid that a block of Gloas accepted (EIP-7732). The parent's payload was there exactly if the parent's
 * bid has `blockHash` = this `parentBlockHash`.
 */
export interface BidFacts {
  parentBlockHash: string;
  blockHash: string;
  /** Lower case. */
  feeRecipient: string;
  /** `undefined`: the proposer built it itself. */
  builderIndex: number | undefined;
  /** In gwei. */
  value: number;
}

/** A validator's record in a state. `FAR_FUTURE_EPOCH` is `undefined`. */
export interface ValidatorRecord {
  index: number;
  pubkey: string;
  /** As beacon-APIs names them: `active_ongoing`, `pending_queued` … */
  status: string;
  balance: number;
  effectiveBalance: number;
  slashed: boolean;
  activationEpoch: number | undefined;
  exitEpoch: number | undefined;
  /** First byte of the withdrawal credentials: 0, 1 or 2. */
  credentialType: number;
}

/** What the attestation of one epoch earned, per part; and what a perfect one would have. */
export interface AttestationReward {
  index: number;
  head: number;
  target: number;
  source: number;
  inactivity: number;
  /** `undefined` where the node named no ideal for the validator's effective balance. */
  ideal: { head: number; target: number; source: number } | undefined;
}

// --------------------------------------------------------------------------------------------------- what is judged

/** `live`: the next slot was seen; `provisional`: end of epoch N + 1; `final`: an epoch from N + 2 on is finalized. */
export type EpochState = "live" | "provisional" | "final";

/** Bits of one validator's attestation duty in an epoch. Flags are those of the beacon state's participation. */
export const dutyBits = {
  /** It was in a committee of the epoch. */
  assigned: 1,
  /** Any canonical block included it in time. */
  included: 2,
  timelySource: 4,
  timelyTarget: 8,
  timelyHead: 16,
  /** Slashed before the epoch's rewards are paid (end of epoch N + 1): it attests and earns nothing. */
  slashed: 32,
} as const;

/** The watched validators' attestation duties of one epoch, one entry per validator in each column. */
export interface EpochColumns {
  /** Rising. */
  indices: Uint32Array;
  /** `dutyBits`. */
  duty: Uint8Array;
  /** Slots from the duty to the first canonical block that included it; 0: not included; 255: that or more. */
  delay: Uint8Array;
  /** Of the delay, slots without a block (excused): effective delay = delay - emptySlots. */
  emptySlots: Uint8Array;
  /** In whole increments (EFFECTIVE_BALANCE_INCREMENT, 1 ETH on mainnet); 0 where nobody told it. */
  effectiveBalance: Uint16Array;
  /** In gwei; NaN where nobody told it. */
  balance: Float64Array;
  /** Attestation reward in gwei, negative for penalties; and of a perfect attestation. Both 0 with `rewards` "none". */
  earned: Int32Array;
  ideal: Int32Array;
}

/** Where rewards come from: the node's rewards endpoints, our own computation by the specification, or nowhere. */
export type RewardSource = "node" | "computed" | "none";

/** What became of one slot of the epoch. */
export interface SlotOutcome {
  slot: number;
  /** Whose turn it was; `undefined` where no node told it. */
  proposerIndex: number | undefined;
  block: "proposed" | "missed" | "orphaned" | "empty-payload";
  /** Root of the canonical block, or of the orphaned one where one was seen. */
  root: string | undefined;
  /** The whole network's attestations of this slot. */
  assigned: number;
  included: number;
  timelyHead: number;
}

/** A block of a watched validator. */
export interface ProposalOutcome {
  slot: number;
  validatorIndex: number;
  outcome: SlotOutcome["block"];
  root: string | undefined;
  feeRecipient: string | undefined;
  /** Consensus reward in gwei; `undefined` where no node told it. */
  reward: number | undefined;
  /** Of a missed one: what blocks of the epoch earned on average. */
  lost: number | undefined;
  /** Relay that delivered the payload, and what it promised and paid in gwei, where one could be asked. */
  relay?: string;
  valuePromised?: number;
  valuePaid?: number;
}

/** Sync-committee duty of a watched validator over the epoch's slots. */
export interface SyncOutcome {
  validatorIndex: number;
  seats: number;
  /** Seats times blocks: a slot without a block asks nothing. */
  duties: number;
  hits: number;
  /** In gwei; `undefined` where no node told it. */
  earned: number | undefined;
  ideal: number | undefined;
}

export interface SlashingOutcome {
  slot: number;
  validatorIndex: number;
  offence: "proposer" | "attester";
}

/** Sums over a set of validators and one epoch. Stake is in increments of effective balance. */
export interface DutyTotals {
  validators: number;
  stake: number;
  assigned: number;
  included: number;
  timelySource: number;
  timelyTarget: number;
  timelyHead: number;
  /** Over included ones. */
  delaySum: number;
  effectiveDelaySum: number;
  /** The same as counts, weighed by effective balance. 0 where balances are not known. */
  stakeAssigned: number;
  stakeIncluded: number;
  stakeTarget: number;
  stakeHead: number;
  earned: number;
  ideal: number;
  proposals: number;
  proposed: number;
  syncDuties: number;
  syncHits: number;
  syncEarned: number;
  syncIdeal: number;
  slashed: number;
}

/** One cohort in one epoch: everybody with this label. `{ key: "", value: "" }` is the whole watched set. */
export interface CohortTotals {
  key: string;
  value: string;
  totals: DutyTotals;
}

export type ExceptionKind = "attestation" | "proposal" | "sync" | "slashing";

/** What was wrong with a duty, worst first. */
export type ExceptionOutcome =
  | "slashed"
  | "missed"
  | "orphaned"
  | "empty-payload"
  | "wrong-target"
  | "wrong-head"
  | "late"
  | "sync-missed"
  | "wrong-fee-recipient"
  | "wrong-relay"
  | "underpaid";

/** One duty of a watched validator that was not perfect. */
export interface DutyException {
  epoch: number;
  slot: number;
  validatorIndex: number;
  kind: ExceptionKind;
  outcome: ExceptionOutcome;
  /** Inclusion delay of an attestation that was included; missed seats of a sync duty; 0 otherwise. */
  detail: number;
  /** Lost against ideal, in gwei; `undefined` where nobody told it. */
  lost: number | undefined;
  cause: CauseFinding;
  /**
   * Of an attestation: where the validator stood in the epoch's shuffling (`EpochCommittees.members`), from 0. It proves
   * the duty once no node holds the state any more. Absent in what earlier versions stored.
   */
  place?: number;
}

/** A cause code of `reasons.ts` and what speaks for it. */
export interface CauseFinding {
  code: string;
  confidence: "certain" | "likely" | "possible";
  evidence: readonly CauseEvidence[];
}

/** One row of evidence, in words for a person and with its origin. */
export interface CauseEvidence {
  /** `chain`, `gateway:main`, `node:bn1`, `validator-client:vc1`, `log:bn1` … */
  origin: string;
  at: number | undefined;
  text: string;
}

/** Everything that is stored of one epoch. Saved again in each state; a later one replaces the one before. */
export interface EpochResult {
  epoch: number;
  state: EpochState;
  judgedAt: number;
  /** Root of the last canonical block that was looked at. */
  headRoot: string;
  fork: ForkName;
  rewards: RewardSource;
  /** Why this result is less than complete: reason codes of `reasons.ts`. */
  caveats: readonly string[];
  slots: readonly SlotOutcome[];
  /** All validators of the chain. Stake and gwei are 0 where only counts are known. */
  network: DutyTotals;
  cohorts: readonly CohortTotals[];
  columns: EpochColumns;
  proposals: readonly ProposalOutcome[];
  sync: readonly SyncOutcome[];
  slashings: readonly SlashingOutcome[];
  exceptions: readonly DutyException[];
  /** Absent in what earlier versions stored. */
  committeesPerSlot?: number;
}

/** Epochs that could not be judged, and why; never filled with guesses. */
export interface DutyGap {
  fromEpoch: number;
  toEpoch: number;
  reason: string;
  detail: string;
  recordedAt: number;
}

/** A duty that is still to come. */
export interface NextDuty {
  kind: "proposal" | "sync";
  validatorIndex: number;
  /** Of a proposal, its slot; of a sync period, its first slot. */
  slot: number;
  /** After its last slot. */
  untilSlot: number;
}

/** Everything by which a stranger can check one attestation duty on the chain, with any tool. */
export interface DutyProof {
  validatorIndex: number;
  epoch: number;
  state: EpochState;
  /** Whether the committees were read from a state now, or the seat is what was recorded when a node still held it. */
  seatFrom: "state" | "record";
  /** Where it sat; `undefined`: it was in no committee of the epoch. */
  duty: { slot: number; committee: number; position: number } | undefined;
  /** What a right vote named. */
  expected: { headRoot: string; targetRoot: string } | undefined;
  /** Every canonical block that could include the vote, oldest first; `root` `undefined`: no block in that slot. */
  examined: readonly { slot: number; root: string | undefined }[];
  inclusions: readonly DutyInclusion[];
  /** `dutyBits` over all inclusions. */
  duties: number;
  delay: number;
  emptySlots: number;
}

/** One attestation of a canonical block that holds the validator's vote. */
export interface DutyInclusion {
  blockSlot: number;
  blockRoot: string;
  /** Place in the block's list of attestations, from 0. */
  attestation: number;
  /** Place of the validator's bit in `aggregation_bits`, from 0. */
  bit: number;
  headRoot: string;
  source: { epoch: number; root: string };
  target: { epoch: number; root: string };
  delay: number;
  /** `dutyBits` that this inclusion alone gives. */
  duties: number;
}
