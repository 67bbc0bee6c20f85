import { dutyBits, type BlockFacts, type EpochCommittees } from "../types.ts";
import type { DutySpec } from "./duty-spec.ts";
import { forkNames } from "../../chain/types.ts";

/**
 * For tests: the same judgement told a second time, slowly, along the text of consensus-specs: one validator, one block, one
 * bit at a time, with the state's own arrays. It shares no code with the judge.
 */
export interface NaiveDuty {
  duty: number;
  delay: number;
  emptySlots: number;
}

export interface NaiveChain {
  spec: DutySpec;
  committees: EpochCommittees;
  /** Oldest first; from the last block before the epoch on. */
  blocks: readonly BlockFacts[];
}

export function naiveDuty({ spec, committees, blocks }: NaiveChain, validatorIndex: number): NaiveDuty | undefined {
  const seat = findSeat(spec, committees, validatorIndex);
  if (seat === undefined) return undefined;
  const duty: NaiveDuty = { duty: dutyBits.assigned, delay: 0, emptySlots: 0 };
  const isPhase0AtEnd = forkOfEpoch(spec, committees.epoch + 1) === "phase0";
  for (const block of blocks) {
    // SLOTS_PER_EPOCH windows of process_attestation.
    const currentEpoch = Math.floor(block.slot / spec.slotsPerEpoch);
    if (committees.epoch !== currentEpoch && committees.epoch !== currentEpoch - 1) continue;
    const inclusionDelay = block.slot - seat.slot;
    if (inclusionDelay < 1) continue;
    const isDeneb = forkNames.indexOf(block.fork) >= forkNames.indexOf("deneb");
    if (!isDeneb && inclusionDelay > spec.slotsPerEpoch) continue;
    for (const vote of block.attestations) {
      if (vote.slot !== seat.slot || vote.target.epoch !== committees.epoch) continue;
      if (!holdsBit(committees, spec, vote, seat)) continue;
      const blockRoots = rootsBefore(blocks, block.slot);
      const targetMatches = vote.target.root === blockRoots(committees.epoch * spec.slotsPerEpoch);
      let headMatches = targetMatches && vote.headRoot === blockRoots(vote.slot);
      if (forkNames.indexOf(block.fork) >= forkNames.indexOf("gloas")) {
        const isSameSlot =
          vote.slot === 0 || (vote.headRoot === blockRoots(vote.slot) && vote.headRoot !== blockRoots(vote.slot - 1));
        if (isSameSlot) headMatches = headMatches && vote.dataIndex === 0;
        else headMatches = headMatches && vote.dataIndex === availability(blocks, block);
      }
      let flags: number = dutyBits.included;
      if (isPhase0AtEnd || inclusionDelay <= Math.floor(Math.sqrt(spec.slotsPerEpoch))) flags |= dutyBits.timelySource;
      if (targetMatches) flags |= dutyBits.timelyTarget;
      if (headMatches && (isPhase0AtEnd || inclusionDelay === 1)) flags |= dutyBits.timelyHead;
      duty.duty |= flags;
      if (duty.delay === 0 || inclusionDelay < duty.delay) {
        duty.delay = inclusionDelay;
        duty.emptySlots = 0;
        for (let slot = seat.slot + 1; slot < block.slot; slot += 1)
          if (!blocks.some((it) => it.slot === slot)) duty.emptySlots += 1;
      }
    }
  }
  return duty;
}

interface Seat {
  slot: number;
  committee: number;
  position: number;
}

function findSeat(spec: DutySpec, committees: EpochCommittees, validatorIndex: number): Seat | undefined {
  for (let slot = 0; slot < spec.slotsPerEpoch; slot += 1)
    for (let committee = 0; committee < committees.committeesPerSlot; committee += 1) {
      const position = committeeOf(committees, slot, committee).indexOf(validatorIndex);
      if (position >= 0) return { slot: committees.epoch * spec.slotsPerEpoch + slot, committee, position };
    }
  return undefined;
}

function committeeOf(committees: EpochCommittees, slotInEpoch: number, committee: number): number[] {
  const at = slotInEpoch * committees.committeesPerSlot + committee;
  return [...committees.members.slice(committees.offsets[at], committees.offsets[at + 1])];
}

function holdsBit(
  committees: EpochCommittees,
  spec: DutySpec,
  vote: BlockFacts["attestations"][number],
  seat: Seat,
): boolean {
  let offset = 0;
  for (const committee of vote.committees) {
    if (committee === seat.committee) {
      const bit = offset + seat.position;
      return ((vote.bits[Math.floor(bit / 8)]! >> (bit % 8)) & 1) === 1;
    }
    offset += committeeOf(committees, vote.slot % spec.slotsPerEpoch, committee).length;
  }
  return false;
}

/** `state.block_roots` as of the block, filled slot by slot. */
function rootsBefore(blocks: readonly BlockFacts[], stateSlot: number): (slot: number) => string | undefined {
  return (slot) => {
    if (slot >= stateSlot) throw new Error("assert slot < state.slot");
    let root: string | undefined;
    for (const block of blocks) if (block.slot <= slot) root = block.root;
    return root;
  };
}

/** `execution_payload_availability` of the parent's slot, filled block by block as process_block does. */
function availability(blocks: readonly BlockFacts[], until: BlockFacts): 0 | 1 {
  const available = new Map<number, 0 | 1>();
  let parent: BlockFacts | undefined;
  for (const block of blocks) {
    if (parent !== undefined) {
      const isOld = forkNames.indexOf(parent.fork) < forkNames.indexOf("gloas");
      available.set(parent.slot, isOld || parent.bid?.blockHash === block.bid?.parentBlockHash ? 1 : 0);
    }
    if (block === until) break;
    parent = block;
  }
  return available.get(parent!.slot)!;
}

export function forkOfEpoch(spec: DutySpec, epoch: number): string {
  return spec.forks.filter((fork) => fork.epoch <= epoch).at(-1)!.name;
}

/** `get_flag_index_deltas` over whole registries; flags and stake by validator index, at the end of N + 1. */
export function naiveDeltas(
  spec: DutySpec,
  registry: readonly { duty: number; effectiveBalance: bigint; isActive: boolean; isActiveNext: boolean }[],
  isLeaking: boolean,
): { earned: bigint[]; ideal: bigint[] } {
  const increment = BigInt(spec.effectiveBalanceIncrement);
  const atLeast = (sum: bigint): bigint => (sum > increment ? sum : increment);
  const totalActive = atLeast(
    registry.filter((it) => it.isActiveNext).reduce((sum, it) => sum + it.effectiveBalance, 0n),
  );
  let root = BigInt(Math.floor(Math.sqrt(Number(totalActive))));
  while (root * root > totalActive) root -= 1n;
  while ((root + 1n) * (root + 1n) <= totalActive) root += 1n;
  const perIncrement = (increment * BigInt(spec.baseRewardFactor)) / root;
  const earned = registry.map(() => 0n);
  const ideal = registry.map(() => 0n);
  for (const [bit, weight, isHead] of [
    [dutyBits.timelySource, 14n, false],
    [dutyBits.timelyTarget, 26n, false],
    [dutyBits.timelyHead, 14n, true],
  ] as const) {
    const participates = registry.map(
      (it) => it.isActive && (it.duty & dutyBits.slashed) === 0 && (it.duty & bit) !== 0,
    );
    const participating =
      atLeast(registry.reduce((sum, it, i) => sum + (participates[i]! ? it.effectiveBalance : 0n), 0n)) / increment;
    for (const [i, it] of registry.entries()) {
      if (!it.isActive) continue;
      const base = (it.effectiveBalance / increment) * perIncrement;
      const reward = isLeaking ? 0n : (base * weight * participating) / ((totalActive / increment) * 64n);
      ideal[i]! += reward;
      if (participates[i]!) earned[i]! += reward;
      else if (!isHead) earned[i]! -= (base * weight) / 64n;
    }
  }
  return { earned, ideal };
}
