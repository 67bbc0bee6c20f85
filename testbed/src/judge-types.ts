/** One canonical block, as far as duties show in it. */
export type JudgedBlock = {
  slot: number;
  root: string;
  parentRoot: string;
  proposerIndex: number;
  feeRecipient: string;
  attestations: readonly IncludedAttestation[];
  /** One flag per position of the sync committee; they vouch for the slot before this block's. */
  syncBits: readonly boolean[];
};

/** An aggregate inside a block; `bits` is by position in the committee. */
export type IncludedAttestation = {
  slot: number;
  committeeIndex: number;
  beaconBlockRoot: string;
  targetRoot: string;
  bits: readonly boolean[];
};

export type AttesterDuty = { slot: number; committeeIndex: number; committeePosition: number; validatorIndex: number };

/** What validators had to do, by epoch, as the node said while it knew. */
export type DutyRecord = {
  attesters: Map<number, AttesterDuty[]>;
  /** Slot to proposer. */
  proposers: Map<number, Map<number, number>>;
  /** Sync committee of the epoch: position to validator index. */
  syncCommittees: Map<number, number[]>;
};

export type ScoreInput = {
  /** Canonical blocks from the epoch of `fromSlot` on, by slot, up to the last that could include an attestation. */
  blocks: readonly JudgedBlock[];
  duties: DutyRecord;
  fromSlot: number;
  /** Inclusive. */
  toSlot: number;
  slotsPerEpoch: number;
  /** Validator indices by group name; groups may overlap. */
  groups: Readonly<Record<string, readonly number[]>>;
  /** Address that each group's blocks must pay; a group without one is not checked. */
  feeRecipients?: Readonly<Record<string, string>>;
};

export type AttestationFault = { slot: number; validatorIndex: number };

export type GroupScore = {
  attestations: {
    expected: number;
    included: number;
    missed: number;
    /** Included, voting for another head than the canonical block at or before the slot. */
    wrongHead: number;
    wrongTarget: number;
    /** Included later than in the next slot. */
    late: number;
    /** Slots from duty to first inclusion; 0 if none was included. */
    meanDelaySlots: number;
    maxDelaySlots: number;
    missedBy: AttestationFault[];
  };
  /** Counted by committee position: a validator that sits twice counts twice. */
  sync: { expected: number; missed: number; missedBy: AttestationFault[] };
  proposals: { expected: number; missed: number; missedBy: AttestationFault[] };
  wrongFeeRecipient: { slot: number; proposerIndex: number; feeRecipient: string }[];
};

export type SlotScore = {
  slot: number;
  hasBlock: boolean;
  /** By duty; from the block where no duty was recorded. Null for the genesis slot. */
  proposerIndex: number | null;
  feeRecipient: string | null;
  attestations: { expected: number; missed: number; wrongHead: number; wrongTarget: number; maxDelaySlots: number };
  /** Null if the next slot has no block: then nobody can be blamed. */
  sync: { expected: number; missed: number } | null;
};

export type JudgeReport = {
  fromSlot: number;
  toSlot: number;
  /** Last slot whose block was read. Below `toSlot` + slots of an epoch, late inclusions may still come. */
  readToSlot: number;
  groups: Record<string, GroupScore>;
  /** Each slot over all validators with duties. */
  slots: SlotScore[];
};
