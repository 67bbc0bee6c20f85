import { describe, expect, it } from "vitest";
import { canonicalRootAt, scoreDuties } from "./judge-score.ts";
import type { DutyRecord, IncludedAttestation, JudgedBlock, ScoreInput } from "./judge-types.ts";

const root = (slot: number): string => `root${slot}`;

/** Two validators attest each slot (slot * 2 and slot * 2 + 1, modulo 16); both also sit in the sync committee of 2. */
function dutiesOfEpochs(epochs: readonly number[]): DutyRecord {
  const slotsOf = (epoch: number): number[] => Array.from({ length: 8 }, (_, i) => epoch * 8 + i);
  return {
    attesters: new Map(
      epochs.map((epoch) => [
        epoch,
        slotsOf(epoch).flatMap((slot) =>
          [0, 1].map((position) => ({
            slot,
            committeeIndex: 0,
            committeePosition: position,
            validatorIndex: ((slot % 8) * 2 + position) % 16,
          })),
        ),
      ]),
    ),
    proposers: new Map(epochs.map((epoch) => [epoch, new Map(slotsOf(epoch).map((slot) => [slot, slot % 16]))])),
    syncCommittees: new Map(epochs.map((epoch) => [epoch, [0, 1]])),
  };
}

const vote = (slot: number, bits: boolean[], changes: Partial<IncludedAttestation> = {}): IncludedAttestation => ({
  slot,
  committeeIndex: 0,
  beaconBlockRoot: root(slot),
  targetRoot: root(slot - (slot % 8)),
  bits,
  ...changes,
});

const block = (slot: number, parentSlot: number, changes: Partial<JudgedBlock> = {}): JudgedBlock => ({
  slot,
  root: root(slot),
  parentRoot: root(parentSlot),
  proposerIndex: slot % 16,
  feeRecipient: "0xAA",
  attestations: [vote(slot - 1, [true, true])],
  syncBits: [true, true],
  ...changes,
});

const everyone = { all: Array.from({ length: 16 }, (_, i) => i) };

const input = (blocks: JudgedBlock[], changes: Partial<ScoreInput> = {}): ScoreInput => ({
  blocks,
  duties: dutiesOfEpochs([0, 1]),
  fromSlot: 1,
  toSlot: 3,
  slotsPerEpoch: 8,
  groups: everyone,
  ...changes,
});

describe("scoreDuties", () => {
  it("finds nothing to blame when every slot has a full block", () => {
    const report = scoreDuties(input([block(1, 0), block(2, 1), block(3, 2), block(4, 3)]));
    const all = report.groups["all"];
    expect(all?.attestations).toMatchObject({
      expected: 6,
      included: 6,
      missed: 0,
      wrongHead: 0,
      wrongTarget: 0,
      late: 0,
    });
    expect(all?.attestations).toMatchObject({ meanDelaySlots: 1, maxDelaySlots: 1 });
    expect(all?.sync).toMatchObject({ expected: 6, missed: 0 });
    expect(all?.proposals).toMatchObject({ expected: 3, missed: 0 });
    expect(report.slots.map((slot) => slot.slot)).toEqual([1, 2, 3]);
  });

  it("blames the validator at the position whose bit is unset", () => {
    const blocks = [block(1, 0), block(2, 1), block(3, 2, { attestations: [vote(2, [true, false])] }), block(4, 3)];
    const all = scoreDuties(input(blocks)).groups["all"];
    expect(all?.attestations.missedBy).toEqual([{ slot: 2, validatorIndex: 5 }]);
  });

  it("counts the first of several inclusions", () => {
    const again = [vote(3, [true, true]), vote(1, [true, true])];
    const blocks = [block(1, 0), block(2, 1), block(3, 2), block(4, 3, { attestations: again })];
    expect(scoreDuties(input(blocks)).groups["all"]?.attestations).toMatchObject({ maxDelaySlots: 1, late: 0 });
  });

  it("blames the proposer of an empty slot, and nobody for the sync messages that block would have carried", () => {
    const votes = [vote(1, [true, true]), vote(2, [true, true], { beaconBlockRoot: root(1) })];
    const report = scoreDuties(input([block(1, 0), block(3, 1, { attestations: votes }), block(4, 3)]));
    const all = report.groups["all"];
    expect(all?.proposals.missedBy).toEqual([{ slot: 2, validatorIndex: 2 }]);
    expect(report.slots[0]?.sync).toBeNull();
    expect(all?.sync).toMatchObject({ expected: 4, missed: 0 });
    expect(all?.attestations).toMatchObject({ missed: 0, wrongHead: 0, late: 2, maxDelaySlots: 2 });
  });

  it("tells a wrong head from a wrong target", () => {
    const wrongHead = block(2, 1, { attestations: [vote(1, [true, true], { beaconBlockRoot: root(0) })] });
    const wrongTarget = block(3, 2, { attestations: [vote(2, [true, true], { targetRoot: "other" })] });
    const all = scoreDuties(input([block(1, 0), wrongHead, wrongTarget, block(4, 3)])).groups["all"];
    expect(all?.attestations).toMatchObject({ missed: 0, wrongHead: 2, wrongTarget: 2 });
  });

  it("takes the sync committee of the next slot at the end of a period", () => {
    const duties = dutiesOfEpochs([0, 1]);
    duties.syncCommittees.set(1, [7, 7]);
    const blocks = [block(7, 6), block(8, 7, { syncBits: [true, false] })];
    const all = scoreDuties(input(blocks, { duties, fromSlot: 7, toSlot: 7 })).groups["all"];
    expect(all?.sync).toEqual({ expected: 2, missed: 1, missedBy: [{ slot: 7, validatorIndex: 7 }] });
  });

  it("keeps groups apart and checks the address their blocks pay", () => {
    const blocks = [
      block(1, 0),
      block(2, 1, { feeRecipient: "0xbb" }),
      block(3, 2, { syncBits: [true, false] }),
      block(4, 3),
    ];
    const feeRecipients = { low: "0xaa", high: "0xaa" };
    const { groups } = scoreDuties(input(blocks, { groups: { low: [0, 1, 3], high: [2] }, feeRecipients }));
    expect(groups["low"]?.wrongFeeRecipient).toEqual([]);
    expect(groups["high"]?.wrongFeeRecipient).toEqual([{ slot: 2, proposerIndex: 2, feeRecipient: "0xbb" }]);
    expect(groups["low"]?.sync.missedBy).toEqual([{ slot: 2, validatorIndex: 1 }]);
    expect(groups["high"]?.sync.expected).toBe(0);
  });

  it("refuses to judge an epoch without recorded duties", () => {
    const duties = dutiesOfEpochs([1]);
    expect(() => scoreDuties(input([block(1, 0), block(2, 1)], { duties }))).toThrow(/attester duties of epoch 0/);
  });
});

describe("canonicalRootAt", () => {
  it("is the parent of the next block when the slot is empty or before all that were read", () => {
    const blocks = [block(9, 6), block(12, 9)];
    expect([8, 9, 11, 12, 13].map((slot) => canonicalRootAt(blocks, slot))).toEqual([6, 9, 9, 12, 12].map(root));
    expect(canonicalRootAt([], 4)).toBeNull();
  });
});
