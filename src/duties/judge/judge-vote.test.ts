import { expect, test } from "vitest";
import type { ForkName } from "../../chain/types.ts";
import { dutyBits } from "../types.ts";
import { ledgerOf, rootOf, testBlock, testCommittees, testSpec, testVote } from "./chain-fixture.ts";

const { assigned, included, timelySource, timelyTarget, timelyHead } = dutyBits;
const epoch = 2;

/** Duty of one vote for the epoch's slot `slotInEpoch`, included after `delay` slots, all blocks there. */
function dutyAfter(fork: ForkName, slotsPerEpoch: number, slotInEpoch: number, delay: number): number {
  const spec = testSpec(slotsPerEpoch, [fork, 0]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const slot = epoch * slotsPerEpoch + slotInEpoch;
  const blocks = [];
  for (let at = epoch * slotsPerEpoch; at <= slot + delay; at += 1) {
    const attestations = at === slot + delay ? [testVote(spec, committees, slot)] : [];
    blocks.push(testBlock(at, { fork, attestations }));
  }
  const { ledger } = ledgerOf({ spec, committees, blocks });
  return ledger.duty[slotInEpoch]!;
}

test.each([
  // minimal: isqrt(8) = 2; Gnosis: isqrt(16) = 4; mainnet: isqrt(32) = 5
  ["deneb", 8, 2],
  ["deneb", 16, 4],
  ["deneb", 32, 5],
  ["electra", 32, 5],
  ["altair", 32, 5],
] as const)("%s, %i slots per epoch: the source is timely up to a delay of %i", (fork, slotsPerEpoch, limit) => {
  expect(dutyAfter(fork, slotsPerEpoch, 0, limit)).toBe(assigned | included | timelySource | timelyTarget);
  expect(dutyAfter(fork, slotsPerEpoch, 0, limit + 1)).toBe(assigned | included | timelyTarget);
});

test.each([8, 16, 32])("%i slots per epoch: the head is timely in the very next slot only", (slotsPerEpoch) => {
  expect(dutyAfter("fulu", slotsPerEpoch, 1, 1) & timelyHead).toBe(timelyHead);
  expect(dutyAfter("fulu", slotsPerEpoch, 1, 2) & timelyHead).toBe(0);
});

test("before Deneb a vote counts for one epoch's length, from Deneb on to the end of the next epoch", () => {
  expect(dutyAfter("capella", 32, 0, 32)).toBe(assigned | included | timelyTarget);
  expect(dutyAfter("capella", 32, 0, 33)).toBe(assigned);
  expect(dutyAfter("deneb", 32, 0, 33)).toBe(assigned | included | timelyTarget);
  expect(dutyAfter("deneb", 32, 0, 63)).toBe(assigned | included | timelyTarget);
  expect(dutyAfter("deneb", 32, 0, 64)).toBe(assigned);
});

test("the fork of the including block decides: Deneb's first epoch takes old votes of Capella's last", () => {
  const spec = testSpec(8, ["capella", 0], ["deneb", epoch + 1]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const late = testBlock(16 + 10, { fork: "deneb", attestations: [testVote(spec, committees, 16)] });
  const { ledger } = ledgerOf({ spec, committees, blocks: [testBlock(16, { fork: "capella" }), late] });
  expect(ledger.duty[0]).toBe(assigned | included | timelyTarget);
  expect(ledger.delay[0]).toBe(10);
});

test("phase 0 knows no time limit; its last epoch is judged by Altair's rules when it is translated", () => {
  expect(dutyAfter("phase0", 32, 0, 20)).toBe(assigned | included | timelySource | timelyTarget | timelyHead);
  const spec = testSpec(8, ["phase0", 0], ["altair", epoch + 1]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const blocks = [
    testBlock(16, { fork: "phase0" }),
    testBlock(20, { fork: "phase0", attestations: [testVote(spec, committees, 16)] }),
  ];
  expect(ledgerOf({ spec, committees, blocks }).ledger.duty[0]).toBe(assigned | included | timelyTarget);
});

test("an empty slot's head is the block before it, and its target too when it begins the epoch", () => {
  const spec = testSpec(8, ["deneb", 0]);
  const committees = testCommittees(spec, epoch, 1, 1);
  // Slots 16 and 17 are empty: the block of slot 15 is target and head.
  const root = rootOf("b", 15);
  const vote = testVote(spec, committees, 17, { headRoot: root, target: { epoch, root } });
  const blocks = [testBlock(15), testBlock(18, { attestations: [vote] })];
  expect(ledgerOf({ spec, committees, blocks }).ledger.duty[1]).toBe(
    assigned | included | timelySource | timelyTarget | timelyHead,
  );
});

test("a wrong target takes the head with it; a wrong head leaves the target", () => {
  const spec = testSpec(8, ["deneb", 0]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const wrongTarget = testVote(spec, committees, 16, { target: { epoch, root: rootOf("x", 1) } });
  const wrongHead = testVote(spec, committees, 17, { headRoot: rootOf("x", 1) });
  const blocks = [
    testBlock(16),
    testBlock(17, { attestations: [wrongTarget] }),
    testBlock(18, { attestations: [wrongHead] }),
  ];
  const { duty } = ledgerOf({ spec, committees, blocks }).ledger;
  expect(duty[0]).toBe(assigned | included | timelySource);
  expect(duty[1]).toBe(assigned | included | timelySource | timelyTarget);
});

test("roots older than the view are an error, never a wrong vote", () => {
  const spec = testSpec(8, ["deneb", 0]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const blocks = [testBlock(18, { attestations: [testVote(spec, committees, 17)] })];
  expect(() => ledgerOf({ spec, committees, blocks })).toThrow(expect.objectContaining({ code: "judge-root-unknown" }));
});

test("Gloas: a vote for its own slot says 0, one for an older block says whether that one's payload was there", () => {
  const spec = testSpec(8, ["gloas", 0]);
  const committees = testCommittees(spec, epoch, 1, 1);
  const bid = (blockHash: string, parentBlockHash: string) => ({
    blockHash,
    parentBlockHash,
    feeRecipient: "0x",
    builderIndex: 0,
    value: 0,
  });
  const head = (slot: number, dataIndex: number, parentBlockHash: string, over = {}) => {
    const root = rootOf("b", 16);
    const vote = testVote(spec, committees, slot, { dataIndex, headRoot: root });
    const blocks = [
      testBlock(15, { fork: "gloas", bid: bid("h15", "h14") }),
      testBlock(16, { fork: "gloas", bid: bid("h16", "h15"), ...over }),
      testBlock(slot + 1, { fork: "gloas", parentRoot: root, attestations: [vote], bid: bid("hx", parentBlockHash) }),
    ];
    const { ledger } = ledgerOf({ spec, committees, blocks });
    return { isHead: (ledger.duty[slot - 16]! & timelyHead) !== 0, undecided: ledger.undecidedPayloads };
  };
  expect(head(16, 0, "h16")).toEqual({ isHead: true, undecided: 0 });
  expect(head(16, 1, "h16")).toEqual({ isHead: false, undecided: 0 });
  expect(head(17, 1, "h16")).toEqual({ isHead: true, undecided: 0 });
  expect(head(17, 0, "h16")).toEqual({ isHead: false, undecided: 0 });
  expect(head(17, 0, "h15")).toEqual({ isHead: true, undecided: 0 });
  expect(head(17, 1, "h15")).toEqual({ isHead: false, undecided: 0 });
  expect(head(17, 1, "h16", { bid: undefined })).toEqual({ isHead: false, undecided: 1 });
  // A parent from before Gloas carried its payload within.
  expect(head(17, 1, "h16", { bid: undefined, fork: "fulu" })).toEqual({ isHead: true, undecided: 0 });
});
