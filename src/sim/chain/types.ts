import type { Checkpoint, Fork, ForkName } from "../../chain/types.ts";
import type { PresetName } from "../preset.ts";
import type { BlockEffects } from "./apply-block.ts";
import type { Committees } from "./committees.ts";
import type { DutyScript, Packing } from "./duty-script.ts";
import type { Ledger, Settlement } from "./ledger.ts";
import type { LightState } from "./light-state.ts";
import type { AttestationUnit } from "./packing.ts";
import type { SimValidators, ValidatorLife } from "./validators.ts";

export interface SimChainOptions {
  /** Same seed and options, same chain: every root is the same. */
  seed: string;
  /** Default `minimal`. */
  preset?: PresetName;
  /** Default: the preset's. */
  slotsPerEpoch?: number;
  slotDurationMs: number;
  genesisTimeMs: number;
  /** How many validators there are. */
  validators: number;
  /** Default: all active for ever. */
  validatorLife?: (index: number) => ValidatorLife;
  /** Balance at the chain's start in gwei, by validator. Default 32 ETH; more makes it compounding (0x02). */
  startBalance?: (index: number) => number;
  /** What validators do wrong. Default: nothing. */
  duties?: DutyScript;
  packing?: Partial<Packing>;
  /** Bytes of made-up transactions in each payload. Default 0. */
  payloadBytes?: number;
  /** Epochs of forks. Default: Fulu, and all before it, from genesis. */
  forks?: Readonly<Partial<Record<ForkName, number>>>;
  /** The chain is known from this slot's epoch on, as on a node synced from a checkpoint. Default 0. */
  firstSlot?: number;
  /** Share of validators whose attestations reach the chain, per epoch of the attestation. Default 1. */
  participation?: number | ((epoch: number) => number);
  /** Share of slots, or the slots, without a block. Default 0. */
  missedSlots?: number | ((slot: number) => boolean);
}

/** A branch shares its parent's blocks before `fromSlot` and has its own from there on. */
export interface BranchOptions {
  name: string;
  /** Default `main`. */
  parent?: string;
  fromSlot: number;
  /** Default: as on the parent. */
  participation?: number | ((epoch: number) => number);
  missedSlots?: (slot: number) => boolean;
  /** Default: as on the parent. */
  duties?: DutyScript;
}

/** Blocks of the `depth` slots before `slot` were the head and are left behind when the block of `slot` comes. */
export interface Reorg {
  slot: number;
  depth: number;
}

/** Roots are 0x-prefixed, 32 bytes, lower case. */
export interface SimBlock {
  slot: number;
  root: string;
  parentRoot: string;
  stateRoot: string;
  bodyRoot: string;
  proposerIndex: number;
  /** The branch that made it. */
  branch: string;
  fork: ForkName;
  /** After this block. */
  state: LightState;
  /** Its attestations, and those for which it had no room. */
  units: readonly AttestationUnit[];
  leftover: readonly AttestationUnit[];
  /** What it moved. */
  effects: BlockEffects;
  /** When it arrives after its slot's start; `undefined`: as early as blocks do. */
  lateMs: number | undefined;
}

export const mainBranch = "main";

/** The chain as a pure function of its options and script: reading it never changes what is read. */
export interface SimChain {
  readonly seed: string;
  readonly preset: PresetName;
  readonly slotsPerEpoch: number;
  readonly slotDurationMs: number;
  readonly epochsPerSyncCommitteePeriod: number;
  readonly genesisTimeMs: number;
  readonly genesisValidatorsRoot: string;
  readonly firstSlot: number;
  readonly forks: readonly Fork[];
  readonly validators: SimValidators;

  /** Negative before genesis. */
  slotAt(nowMs: number): number;
  startOfSlot(slot: number): number;
  epochOf(slot: number): number;

  /** The block of exactly this slot, if there is one. */
  blockAt(slot: number, branch?: string): SimBlock | undefined;
  /** The last block at or before a slot. */
  headAt(slot: number, branch?: string): SimBlock;
  /** Among the blocks that were looked at so far. */
  blockByRoot(root: string): SimBlock | undefined;
  /** The last block at or before `slot` among a block's ancestors and itself. */
  ancestorAt(block: SimBlock, slot: number): SimBlock;
  /** Blocks of exactly this slot that a reorg of the main branch leaves behind. */
  leftBehindAt(slot: number): readonly SimBlock[];
  /** The branch that a node following `branch` has as head at a slot: another one just before a reorg. */
  visibleBranch(slot: number, branch?: string): string;

  /** The block's state carried on to a slot's epoch. */
  stateAt(block: SimBlock, slot: number): LightState;
  /** The same with balances and participation. Valid until the chain is asked something else; do not change it. */
  ledgerAt(block: SimBlock, slot: number): Ledger;
  /** What an epoch's attestations earned on the chain that ends in `head`; `undefined` while `slot` is before the next epoch's last. */
  settlementOf(head: SimBlock, epoch: number, slot: number): Settlement | undefined;
  /** Participation flags of an epoch by validator (`flagBits`), as at the end of the next one on the main branch. */
  participation(epoch: number, branch?: string): Uint8Array;
  checkpointBlock(checkpoint: Checkpoint): SimBlock | undefined;
  committees(head: SimBlock, epoch: number): Committees;
  /** Whose turn it is at a slot, as a node with this head sees it. */
  proposerAt(head: SimBlock, slot: number): number;
  /** Validator indices of the sync committee of an epoch; a validator may sit in it twice. */
  syncCommittee(epoch: number): readonly number[];
  /** Root of the block that decides attester or proposer duties of an epoch, as beacon-APIs defines it. */
  dependentRoot(head: SimBlock, epoch: number, duty: "attester" | "proposer"): string;

  /** Seats of a block's sync aggregate that signed. */
  syncBits(block: SimBlock): readonly boolean[];
  /** A signed block, as a value of `blockTypes(fork).signedBlock`. */
  signedBlock(block: SimBlock): SignedBlockValue;

  hasBranch(name: string): boolean;
  /** Adds a branch. Throws AppError for a name that exists or an unknown parent. */
  addBranch(branch: BranchOptions): void;
  /** Writes a reorg of the main branch into the future. Throws AppError once those slots were looked at. */
  addReorg(reorg: Reorg): void;
  /** Leaves a future slot of the main branch empty. Throws AppError once it was looked at. */
  missSlot(slot: number): void;
}

export type BodyValue = Record<string, unknown>;

export interface BlockValue {
  slot: number;
  proposerIndex: number;
  parentRoot: Uint8Array;
  stateRoot: Uint8Array;
  body: BodyValue;
}

export interface SignedBlockValue {
  message: BlockValue;
  signature: Uint8Array;
}
