import { expect, test } from "vitest";
import { dutyBits } from "../types.ts";
import { canonicalView } from "./canonical-view.ts";
import { ledgerOf, rootOf, testBlock, testCommittees, testSpec, testVote } from "./chain-fixture.ts";
import { createEpochLedger } from "./epoch-ledger.ts";

const spec = testSpec(8, ["electra", 0]);
const epoch = 2;

test("the same vote in several aggregates counts once, with the smallest delay and all flags", () => {
  const committees = testCommittees(spec, epoch, 2, 5);
  const all = testVote(spec, committees, 16);
  const one = testVote(spec, committees, 16, { committees: [1], who: (place) => place === 7 });
  const blocks = [
    testBlock(16),
    testBlock(17, { attestations: [one, one] }),
    testBlock(18, { attestations: [all, one] }),
    testBlock(19, { attestations: [all] }),
  ];
  const { ledger } = ledgerOf({ spec, committees, blocks }, [], Uint32Array.of(7, 8, 50));
  expect(ledger.slotCounts(16)).toEqual({
    assigned: 10,
    included: 10,
    timelySource: 10,
    timelyTarget: 10,
    timelyHead: 1,
  });
  expect([...ledger.delay.slice(0, 10)]).toEqual([2, 2, 2, 2, 2, 2, 2, 1, 2, 2]);
  expect(ledger.watchedCounts(16)).toEqual({
    assigned: 2,
    included: 2,
    timelySource: 2,
    timelyTarget: 2,
    timelyHead: 1,
  });
  expect(ledger.watchedCounts(21)).toMatchObject({ assigned: 1, included: 0 });
  expect(ledger.committeeCounts(16, 1)).toMatchObject({ assigned: 5, included: 5, timelyHead: 1 });
  expect(ledger.voteOf(7)).toMatchObject({ blockSlot: 17, headRoot: rootOf("b", 16), isHeadRight: true });
  expect(ledger.voteOf(11)).toBeUndefined();
});

test("committee bits pick committees that are not side by side", () => {
  const committees = testCommittees(spec, epoch, 4, [3, 9, 2, 10]);
  const vote = testVote(spec, committees, 17, { committees: [0, 2, 3], who: (place) => place % 2 === 0 });
  const { ledger } = ledgerOf({
    spec,
    committees,
    blocks: [testBlock(16), testBlock(17), testBlock(18, { attestations: [vote] })],
  });
  const hit = [...ledger.duty.keys()].filter((place) => (ledger.duty[place]! & dutyBits.included) !== 0);
  expect(hit).toEqual([24, 26, 36, 38, 40, 42, 44, 46]);
  expect(ledger.seatOf(36)).toEqual({ slot: 17, committee: 2, position: 0 });
  expect(ledger.seatOf(47)).toEqual({ slot: 17, committee: 3, position: 9 });
});

test("heads that a slot voted for are counted by their first inclusion", () => {
  const committees = testCommittees(spec, epoch, 1, 6);
  const right = testVote(spec, committees, 16, { who: (place) => place < 4 });
  const wrong = testVote(spec, committees, 16, { who: (place) => place >= 3, headRoot: rootOf("x", 9) });
  const { ledger } = ledgerOf({
    spec,
    committees,
    blocks: [testBlock(16), testBlock(17, { attestations: [right, wrong] })],
  });
  expect(ledger.votesOf(16)).toEqual([
    { headRoot: rootOf("b", 16), votes: 4 },
    { headRoot: rootOf("x", 9), votes: 2 },
  ]);
  expect(ledger.slotCounts(16)).toMatchObject({ included: 6, timelyHead: 4, timelyTarget: 6 });
});

test("blocks of other epochs and votes of other epochs change nothing", () => {
  const committees = testCommittees(spec, epoch, 1, 1);
  const vote = testVote(spec, committees, 16);
  const other = { ...vote, target: { epoch: 1, root: rootOf("b", 8) } };
  const blocks = [
    testBlock(9, { attestations: [vote] }),
    testBlock(16),
    testBlock(17, { attestations: [other] }),
    testBlock(32, { attestations: [vote] }),
  ];
  const { ledger } = ledgerOf({ spec, committees, blocks });
  expect([...new Set(ledger.duty)]).toEqual([dutyBits.assigned]);
  expect(ledger.appliedSlot).toBe(17);
});

test("a block out of order is refused: a reorg takes a new ledger", () => {
  const committees = testCommittees(spec, epoch, 1, 1);
  const ledger = createEpochLedger({ epoch, spec, committees });
  const chain = canonicalView([testBlock(16), testBlock(17)]);
  ledger.apply(testBlock(17), chain);
  expect(() => ledger.apply(testBlock(16), chain)).toThrow(expect.objectContaining({ code: "judge-order" }));
  expect(() => ledger.apply(testBlock(17), chain)).toThrow(expect.objectContaining({ code: "judge-order" }));
});

test.each([
  ["one bit short", { bitLength: 9 }],
  ["bytes missing", { bits: new Uint8Array(1) }],
  ["a committee that is not there", { committees: [0, 2] }],
  ["the same committee twice", { committees: [1, 1] }],
  ["committees in falling order", { committees: [1, 0] }],
  ["a broken committee number", { committees: [NaN, 1] }],
])("an attestation with %s says that the committees are of another chain", (_, over) => {
  const committees = testCommittees(spec, epoch, 2, 5);
  const vote = { ...testVote(spec, committees, 16), ...over };
  const blocks = [testBlock(16), testBlock(17, { attestations: [vote] })];
  expect(() => ledgerOf({ spec, committees, blocks })).toThrow(
    expect.objectContaining({ code: "judge-committee-mismatch" }),
  );
});

test("committees that cannot be are refused before they count anybody", () => {
  const good = testCommittees(spec, epoch, 1, 2);
  const refused = expect.objectContaining({ code: "judge-committees-invalid" }) as Error;
  const tryWith =
    (over: Partial<typeof good>, at = epoch) =>
    () =>
      createEpochLedger({ epoch: at, spec, committees: { ...good, ...over } });
  expect(tryWith({}, 3)).toThrow(refused);
  expect(tryWith({ committeesPerSlot: 0 })).toThrow(refused);
  expect(tryWith({ committeesPerSlot: 2 })).toThrow(refused);
  expect(tryWith({ members: good.members.slice(1) })).toThrow(refused);
  expect(tryWith({ members: good.members.map((it) => it >> 1) })).toThrow(refused);
  expect(tryWith({ members: good.members.map((it) => (it === 3 ? 4_000_000_000 : it)) })).toThrow(refused);
  expect(tryWith({ offsets: good.offsets.map((it, i) => (i === 3 ? 15 : it)) })).toThrow(refused);
});

test("a block that failed for want of older roots can be applied again", () => {
  const committees = testCommittees(spec, epoch, 1, 1);
  const ledger = createEpochLedger({ epoch, spec, committees });
  const block = testBlock(18, { attestations: [testVote(spec, committees, 17)] });
  expect(() => ledger.apply(block, canonicalView([block]))).toThrow(/not known/);
  expect(ledger.appliedSlot).toBe(-1);
  ledger.apply(block, canonicalView([testBlock(16), testBlock(17), block]));
  expect(ledger.slotCounts(17)).toMatchObject({ included: 1, timelyHead: 1 });
});
