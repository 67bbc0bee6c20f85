import type { ForkName } from "../../chain/types.ts";
import type { Preset } from "../preset.ts";
import { hasBit } from "./bits.ts";
import type { Packing } from "./duty-script.ts";
import {
  flagWeights,
  forkRules,
  increment,
  proposerWeight,
  syncRewardWeight,
  weightDenominator,
} from "./fork-rules.ts";
import { flagBits, integerSqrt, type Ledger } from "./ledger.ts";
import { unitBits, type AttestationUnit } from "./packing.ts";
import type { SimValidators, ValidatorOperations } from "./validators.ts";
import { payWithdrawals, type Withdrawal } from "./withdrawals.ts";

/** What a block holds that moves its state. */
export interface BlockContent {
  slot: number;
  fork: ForkName;
  proposerIndex: number;
  units: readonly AttestationUnit[];
  /** Validator of each seat, and whether it signed; empty before Altair. */
  syncCommittee: readonly number[];
  syncBits: readonly boolean[];
  operations: ValidatorOperations;
}

export interface ApplyFacts {
  validators: SimValidators;
  preset: Preset;
  slotsPerEpoch: number;
  packing: Packing;
  /** Members of the committees of a unit's slot, one after the other. */
  slotMembers: (unit: AttestationUnit) => Uint32Array;
  /** Of the canonical block at or before a slot, as the block's parent sees it. */
  rootAt: (slot: number) => string;
}

/** Gwei that a block moved. */
export interface BlockEffects {
  withdrawals: readonly Withdrawal[];
  /** Of the proposer. */
  attestations: number;
  syncAggregate: number;
  proposerSlashings: number;
  attesterSlashings: number;
  /** Earned by a seat that signed, lost by one that did not. */
  syncReward: number;
}

/** consensus-specs `process_block` on a ledger that was carried on to the block's epoch; changes the ledger. */
export function applyBlock(ledger: Ledger, block: BlockContent, facts: ApplyFacts): BlockEffects {
  const rules = forkRules(block.fork);
  const withdrawals = rules.hasWithdrawals ? payWithdrawals(ledger, rules, facts) : [];
  const slash = (list: readonly number[]) => slashAll(ledger, block, list);
  const proposerSlashings = slash(block.operations.proposerSlashed);
  const attesterSlashings = slash(block.operations.attesterSlashed);
  let attestations = 0;
  for (const unit of block.units) attestations += attest(ledger, block, unit, facts);
  if (!rules.hasParticipationFlags) attestations = 0;
  add(ledger, block.proposerIndex, attestations);
  const sync = rules.hasParticipationFlags ? paySync(ledger, block, facts) : { proposer: 0, seat: 0 };
  return {
    withdrawals,
    attestations,
    syncAggregate: sync.proposer,
    proposerSlashings,
    attesterSlashings,
    syncReward: sync.seat,
  };
}

/** `process_attestation`; returns what it earns the proposer. */
function attest(ledger: Ledger, block: BlockContent, unit: AttestationUnit, facts: ApplyFacts): number {
  const { group } = unit;
  const flags = timelyFlags(block, unit, facts);
  const column = group.target.epoch === ledger.epoch ? ledger.current : ledger.previous;
  const members = facts.slotMembers(unit);
  const bits = unitBits(unit, facts.packing);
  const start = unit.committee === undefined ? 0 : (group.starts[unit.committee] ?? 0);
  const end = unit.committee === undefined ? members.length : (group.starts[unit.committee + 1] ?? 0);
  const { effective, baseRewardPerIncrement } = ledger;
  let numerator = 0;
  for (let position = start; position < end; position++) {
    if (!hasBit(bits, position)) continue;
    const index = members[position] ?? 0;
    const before = column[index] ?? 0;
    const fresh = flags & ~before;
    if (fresh === 0) continue;
    column[index] = before | flags;
    let weight = 0;
    for (let flag = 0; flag < 3; flag++) if (fresh & (1 << flag)) weight += flagWeights[flag as 0 | 1 | 2];
    numerator += (effective[index] ?? 0) * baseRewardPerIncrement * weight;
  }
  return Math.floor(numerator / (((weightDenominator - proposerWeight) * weightDenominator) / proposerWeight));
}

/** `get_attestation_participation_flag_indices`; the source is right, or the block could not hold it. */
function timelyFlags(block: BlockContent, { group }: AttestationUnit, facts: ApplyFacts): number {
  const delay = block.slot - group.slot;
  const hasTarget = group.target.root === facts.rootAt(group.target.epoch * facts.slotsPerEpoch);
  const hasHead = hasTarget && group.headRoot === facts.rootAt(group.slot);
  let flags: number = flagBits.included;
  if (delay <= Number(integerSqrt(BigInt(facts.slotsPerEpoch)))) flags |= flagBits.source;
  if (hasTarget && (delay <= facts.slotsPerEpoch || forkRules(block.fork).hasWideInclusion)) flags |= flagBits.target;
  if (hasHead && delay === 1) flags |= flagBits.head;
  return flags;
}

/** `process_sync_aggregate` */
function paySync(ledger: Ledger, block: BlockContent, { preset, slotsPerEpoch }: ApplyFacts) {
  const ofEpoch = ledger.totalActive * ledger.baseRewardPerIncrement * syncRewardWeight;
  const seat = Math.floor(
    Math.floor(Math.floor(ofEpoch / weightDenominator) / slotsPerEpoch) / preset.syncCommitteeSize,
  );
  const perBit = Math.floor((seat * proposerWeight) / (weightDenominator - proposerWeight));
  let proposer = 0;
  for (const [position, index] of block.syncCommittee.entries()) {
    if (block.syncBits[position]) {
      add(ledger, index, seat);
      add(ledger, block.proposerIndex, perBit);
      proposer += perBit;
    } else add(ledger, index, -seat);
  }
  return { proposer, seat };
}

/** `slash_validator` of each; returns what the proposer gets, as whistleblower too. */
function slashAll(ledger: Ledger, block: BlockContent, indices: readonly number[]): number {
  const rules = forkRules(block.fork);
  let earned = 0;
  for (const index of indices) {
    if (ledger.slashed.has(index)) continue;
    const effective = ledger.effective[index] ?? 0;
    ledger.slashed = new Map(ledger.slashed).set(index, ledger.epoch);
    ledger.slashings = new Map(ledger.slashings).set(
      ledger.epoch,
      (ledger.slashings.get(ledger.epoch) ?? 0) + effective,
    );
    add(ledger, index, -Math.floor((effective * increment) / rules.minSlashingPenaltyQuotient));
    const reward = Math.floor((effective * increment) / rules.whistleblowerRewardQuotient);
    add(ledger, block.proposerIndex, reward);
    earned += reward;
  }
  return earned;
}

function add({ balances }: Ledger, index: number, gwei: number): void {
  balances[index] = Math.max(0, (balances[index] ?? 0) + gwei);
}

/** Of a chain's first block. */
export const noEffects: BlockEffects = {
  withdrawals: [],
  attestations: 0,
  syncAggregate: 0,
  proposerSlashings: 0,
  attesterSlashings: 0,
  syncReward: 0,
};
