import { expect, test } from "vitest";
import { dutyBits } from "../types.ts";
import { canonicalView } from "./canonical-view.ts";
import { indexCommittees } from "./committee-index.ts";
import { rootOf, testBlock, testCommittees, testSpec, testVote } from "./chain-fixture.ts";
import { proveDuty, type ProofInput } from "./prove-duty.ts";

const spec = testSpec(8, ["electra", 0]);
const committees = testCommittees(spec, 2, 2, 3);
const base = { epoch: 2, state: "final" as const, spec, isSlashed: false };

function prove(over: Partial<ProofInput> & Pick<ProofInput, "blocks" | "validatorIndex">) {
  const seats = indexCommittees(over.spec ?? spec, committees);
  return proveDuty({ ...base, seats, seatFrom: "state", chain: canonicalView(over.blocks), ...over });
}

test("a proof names seat, right vote, every block that could include it and every bit that did", () => {
  // Validator 10: slot 17, committee 1, position 1.
  const vote = testVote(spec, committees, 17);
  const blocks = [
    testBlock(16, { fork: "electra" }),
    testBlock(17, { fork: "electra" }),
    testBlock(19, { fork: "electra", attestations: [testVote(spec, committees, 16), vote] }),
    testBlock(20, { fork: "electra", attestations: [testVote(spec, committees, 17, { committees: [1] })] }),
    testBlock(31, { fork: "electra" }),
  ];
  const proof = prove({ blocks, validatorIndex: 10 });
  const flags = dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget;
  expect(proof).toMatchObject({
    duty: { slot: 17, committee: 1, position: 1 },
    expected: { headRoot: rootOf("b", 17), targetRoot: rootOf("b", 16) },
    duties: dutyBits.assigned | flags,
    delay: 2,
    emptySlots: 1,
  });
  expect(proof.inclusions).toEqual([
    {
      blockSlot: 19,
      blockRoot: rootOf("b", 19),
      attestation: 1,
      bit: 4,
      headRoot: vote.headRoot,
      source: vote.source,
      target: vote.target,
      delay: 2,
      duties: flags,
    },
    // isqrt(8) = 2: at a delay of 3 the source is no longer timely.
    expect.objectContaining({
      blockSlot: 20,
      attestation: 0,
      bit: 1,
      delay: 3,
      duties: flags & ~dutyBits.timelySource,
    }),
  ]);
  expect(proof.examined).toHaveLength(14);
  expect(proof.examined.slice(0, 3)).toEqual([
    { slot: 18, root: undefined },
    { slot: 19, root: rootOf("b", 19) },
    { slot: 20, root: rootOf("b", 20) },
  ]);
  expect(proof.examined.at(-1)).toEqual({ slot: 31, root: rootOf("b", 31) });
});

test("a miss is proven by the blocks that do not hold the vote", () => {
  const blocks = [
    testBlock(16, { fork: "electra" }),
    testBlock(17, { fork: "electra", attestations: [testVote(spec, committees, 16, { who: (place) => place !== 1 })] }),
  ];
  const proof = prove({ blocks, validatorIndex: 1, isSlashed: true });
  expect(proof).toMatchObject({ inclusions: [], delay: 0, duties: dutyBits.assigned | dutyBits.slashed });
  expect(proof.examined).toHaveLength(15);
  expect(prove({ blocks, validatorIndex: 1, state: "live" }).examined).toEqual([{ slot: 17, root: rootOf("b", 17) }]);
});

test("before Deneb only one epoch's length of blocks is looked at", () => {
  const capella = testSpec(8, ["capella", 0]);
  const blocks = [testBlock(16, { fork: "capella" })];
  const proof = prove({ blocks, validatorIndex: 1, spec: capella });
  expect(proof.examined.map(({ slot }) => slot)).toEqual([17, 18, 19, 20, 21, 22, 23, 24]);
});

test("whoever is in no committee had no duty", () => {
  const proof = prove({ blocks: [testBlock(16)], validatorIndex: 999 });
  expect(proof).toMatchObject({ duty: undefined, expected: undefined, examined: [], duties: 0 });
});
