import type { Fork, ForkName } from "../../chain/types.ts";
import type { AttestationFacts, BlockFacts, EpochCommittees } from "../types.ts";
import { canonicalView, type CanonicalView } from "./canonical-view.ts";
import { dutySpecOf, type DutySpec } from "./duty-spec.ts";
import { createEpochLedger, type EpochLedger } from "./epoch-ledger.ts";
import type { JudgeInput } from "./judge-input.ts";

/** For tests: a small chain written down by hand. */

export function testSpec(slotsPerEpoch: number, ...forks: readonly (readonly [ForkName, number])[]): DutySpec {
  const spec = dutySpecOf({
    SECONDS_PER_SLOT: "6",
    SLOTS_PER_EPOCH: String(slotsPerEpoch),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "8",
    SYNC_COMMITTEE_SIZE: "32",
  });
  return { ...spec, forks: forks.map(([name, epoch]): Fork => ({ name, version: "0x00000000", epoch })) };
}

/** A root with a name: `rootOf("b", 12)`. */
export function rootOf(name: string, number: number): string {
  return `0x${(Buffer.from(name).toString("hex") + number.toString(16).padStart(8, "0")).padStart(64, "0")}`;
}

/** Members in order: place and validator index are the same unless `members` says otherwise. */
export function testCommittees(
  spec: DutySpec,
  epoch: number,
  committeesPerSlot: number,
  sizes: readonly number[] | number,
  members?: readonly number[],
): EpochCommittees {
  const count = spec.slotsPerEpoch * committeesPerSlot;
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i += 1)
    offsets[i + 1] = offsets[i]! + (typeof sizes === "number" ? sizes : sizes[i % sizes.length]!);
  const total = offsets[count]!;
  return {
    epoch,
    committeesPerSlot,
    members: Uint32Array.from(members ?? Array.from({ length: total }, (_, place) => place)),
    offsets,
  };
}

export function testBlock(slot: number, over: Partial<BlockFacts> = {}): BlockFacts {
  return {
    root: rootOf("b", slot),
    slot,
    parentRoot: rootOf("b", slot - 1),
    stateRoot: rootOf("s", slot),
    proposerIndex: slot,
    fork: "deneb",
    graffiti: "",
    attestations: [],
    syncBits: undefined,
    proposerSlashed: [],
    attesterSlashed: [],
    exits: [],
    payload: undefined,
    ...over,
  };
}

/** A vote of whole committees, or of those places that `who` picks. */
export function testVote(
  spec: DutySpec,
  committees: EpochCommittees,
  slot: number,
  over: Partial<AttestationFacts> & { who?: (place: number) => boolean } = {},
): AttestationFacts {
  const { who = () => true, ...rest } = over;
  const picked = rest.committees ?? Array.from({ length: committees.committeesPerSlot }, (_, i) => i);
  const bits: boolean[] = [];
  for (const committee of picked) {
    const at = (slot % spec.slotsPerEpoch) * committees.committeesPerSlot + committee;
    for (let place = committees.offsets[at]!; place < committees.offsets[at + 1]!; place += 1) bits.push(who(place));
  }
  return {
    slot,
    dataIndex: 0,
    committees: picked,
    bits: packBits(bits),
    bitLength: bits.length,
    headRoot: rootOf("b", slot),
    source: { epoch: committees.epoch - 1, root: rootOf("b", (committees.epoch - 1) * spec.slotsPerEpoch) },
    target: { epoch: committees.epoch, root: rootOf("b", committees.epoch * spec.slotsPerEpoch) },
    ...rest,
  };
}

export function packBits(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [bit, isSet] of bits.entries()) if (isSet) bytes[bit >> 3]! |= 1 << (bit & 7);
  return bytes;
}

export interface TestEpoch {
  spec: DutySpec;
  committees: EpochCommittees;
  blocks: readonly BlockFacts[];
}

/** Applies blocks to a new ledger; the view also knows `older`. */
export function ledgerOf(
  { spec, committees, blocks }: TestEpoch,
  older: readonly { slot: number; root: string }[] = [],
  watched?: Uint32Array,
): { ledger: EpochLedger; chain: CanonicalView } {
  const chain = canonicalView([...older, ...blocks]);
  const ledger = createEpochLedger({
    epoch: committees.epoch,
    spec,
    committees,
    ...(watched === undefined ? {} : { watched }),
  });
  for (const block of blocks) ledger.apply(block, chain);
  return { ledger, chain };
}

/** Input of the judge with nothing told but the chain; the watched set is `indices`. */
export function testInput(
  epoch: TestEpoch,
  indices: readonly number[],
  over: Partial<JudgeInput> = {},
  older: readonly { slot: number; root: string }[] = [],
): JudgeInput {
  return {
    epoch: epoch.committees.epoch,
    state: "provisional",
    judgedAt: 1_700_000_000_000,
    spec: epoch.spec,
    ...ledgerOf(epoch, older),
    blocks: epoch.blocks,
    orphans: [],
    proposers: undefined,
    syncCommittee: undefined,
    watched: {
      indices: Uint32Array.from(indices),
      effectiveBalance: undefined,
      balance: undefined,
      slashed: undefined,
    },
    cohorts: [],
    network: undefined,
    rewards: undefined,
    finalizedEpoch: epoch.committees.epoch - 2,
    ...over,
  };
}
