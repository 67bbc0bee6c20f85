import fc from "fast-check";
import { expect, test } from "vitest";
import { forkNames } from "../../chain/types.ts";
import { dutyBits, type AttestationFacts, type BlockFacts } from "../types.ts";
import { ledgerOf, rootOf, testBlock, testCommittees, testInput, testSpec, testVote } from "./chain-fixture.ts";
import { indexCommittees } from "./committee-index.ts";
import { judgeEpoch } from "./judge-epoch.ts";
import { forkOfEpoch, naiveDeltas, naiveDuty, type NaiveChain } from "./naive-judge.ts";
import { proveDuty } from "./prove-duty.ts";

const epoch = 3;

const attestation = fc.record({
  back: fc.integer({ min: 0, max: 40 }),
  committees: fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
  salt: fc.nat(),
  head: fc.constantFrom("right" as const, "right" as const, "previous" as const, "fork" as const),
  target: fc.constantFrom("right" as const, "right" as const, "wrong" as const),
  dataIndex: fc.nat({ max: 1 }),
});

const chainShape = fc.record({
  slotsPerEpoch: fc.constantFrom(8, 16, 32),
  committeesPerSlot: fc.constantFrom(1, 3),
  sizes: fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 5 }),
  forkNow: fc.nat({ max: forkNames.length - 1 }),
  forkNext: fc.nat({ max: forkNames.length - 1 }),
  shuffle: fc.nat(),
  hasBlock: fc.array(fc.nat({ max: 3 }), { minLength: 10, maxLength: 40 }),
  payloads: fc.array(fc.boolean(), { minLength: 5, maxLength: 20 }),
  attestations: fc.array(fc.array(attestation, { maxLength: 6 }), { minLength: 1, maxLength: 20 }),
});

type Shape = typeof chainShape extends fc.Arbitrary<infer T> ? T : never;

/** Any chain around the epoch: empty slots, overlapping aggregates, wrong votes, a fork in between. */
function build(shape: Shape): NaiveChain {
  const [first, second] = [shape.forkNow, shape.forkNext].sort((a, b) => a - b) as [number, number];
  const spec = testSpec(shape.slotsPerEpoch, [forkNames[first]!, 0], [forkNames[second]!, epoch + 1]);
  const { offsets } = testCommittees(spec, epoch, shape.committeesPerSlot, shape.sizes);
  const members = shuffled(offsets.at(-1)!, shape.shuffle);
  const committees = testCommittees(spec, epoch, shape.committeesPerSlot, shape.sizes, members);
  const firstSlot = epoch * spec.slotsPerEpoch;

  const blocks: BlockFacts[] = [testBlock(firstSlot - 3, { fork: forkOfEpoch(spec, epoch - 1) as BlockFacts["fork"] })];
  if (blocks[0]!.fork === "gloas") blocks[0] = { ...blocks[0]!, bid: bidOf(firstSlot - 3, "none") };
  const rootAt = (slot: number): string => blocks.findLast((block) => block.slot <= slot)!.root;
  for (let slot = firstSlot; slot < firstSlot + 2 * spec.slotsPerEpoch; slot += 1) {
    if (shape.hasBlock[slot % shape.hasBlock.length] === 0) continue;
    const fork = forkOfEpoch(spec, Math.floor(slot / spec.slotsPerEpoch)) as BlockFacts["fork"];
    const parent = blocks.at(-1)!;
    const attestations: AttestationFacts[] = [];
    for (const it of shape.attestations[slot % shape.attestations.length]!) {
      const voteSlot = slot - it.back - (it.back > 3 ? 0 : 1);
      if (voteSlot < firstSlot || voteSlot >= firstSlot + spec.slotsPerEpoch || voteSlot >= slot) continue;
      const picked = it.committees.filter((committee) => committee < shape.committeesPerSlot).sort((a, b) => a - b);
      if (picked.length === 0) continue;
      attestations.push(
        testVote(spec, committees, voteSlot, {
          committees: picked,
          who: (place) => hash(place, it.salt) % 3 !== 0,
          dataIndex: fork === "gloas" ? it.dataIndex : 0,
          headRoot:
            it.head === "right" ? rootAt(voteSlot) : it.head === "previous" ? rootAt(voteSlot - 1) : rootOf("x", slot),
          target: { epoch, root: it.target === "right" ? rootAt(firstSlot) : rootOf("x", 1) },
        }),
      );
    }
    const isFull = shape.payloads[slot % shape.payloads.length]!;
    const bid = fork === "gloas" ? { bid: bidOf(slot, isFull ? hashOf(parent.slot) : "stale") } : {};
    blocks.push(testBlock(slot, { fork, parentRoot: parent.root, attestations, ...bid }));
  }
  return { spec, committees, blocks };
}

const hashOf = (slot: number): string => `hash-${slot}`;
const bidOf = (slot: number, parentBlockHash: string): NonNullable<BlockFacts["bid"]> => ({
  parentBlockHash,
  blockHash: hashOf(slot),
  feeRecipient: "0x",
  builderIndex: 0,
  value: 0,
});

function hash(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  h ^= h >>> 15;
  return Math.imul(h, 0x27d4eb2f) >>> 0;
}

/** Indices with holes: every third number, in any order. */
function shuffled(count: number, salt: number): number[] {
  const all = Array.from({ length: count }, (_, i) => i * 3);
  return all.sort((a, b) => hash(a, salt) - hash(b, salt));
}

test("every flag, delay and empty slot is what the specification's text gives, validator by validator", () => {
  const seen = { gloas: 0, late: 0, head: 0, missed: 0 };
  fc.assert(
    fc.property(chainShape, (shape) => {
      const chain = build(shape);
      const members = [...chain.committees.members].sort((a, b) => a - b);
      const watched = members.filter((index) => index % 2 === 0);
      const result = judgeEpoch(testInput(chain, watched));
      const counts = {
        included: 0,
        timelySource: 0,
        timelyTarget: 0,
        timelyHead: 0,
        delaySum: 0,
        effectiveDelaySum: 0,
      };
      for (const validatorIndex of members) {
        const expected = naiveDuty(chain, validatorIndex)!;
        if (expected.duty & dutyBits.included) counts.included += 1;
        else seen.missed += 1;
        if (expected.duty & dutyBits.timelySource) counts.timelySource += 1;
        if (expected.duty & dutyBits.timelyTarget) counts.timelyTarget += 1;
        if (expected.duty & dutyBits.timelyHead) counts.timelyHead += 1;
        counts.delaySum += expected.delay;
        counts.effectiveDelaySum += expected.delay - expected.emptySlots;
        if (expected.delay > shape.slotsPerEpoch) seen.late += 1;
        const at = watched.indexOf(validatorIndex);
        if (at < 0) continue;
        const { columns } = result;
        expect({
          duty: columns.duty[at],
          delay: columns.delay[at],
          emptySlots: columns.emptySlots[at],
        }).toEqual(expected);
      }
      expect(result.network).toMatchObject({ ...counts, assigned: members.length });
      seen.head += counts.timelyHead;
      if (chain.blocks.some((block) => block.fork === "gloas")) seen.gloas += 1;
    }),
    { numRuns: 150 },
  );
  // The cases that matter were among them.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

test("a proof adds up to the same duty, and live counts of the watched are sums of theirs", () => {
  fc.assert(
    fc.property(chainShape, fc.nat(), (shape, pick) => {
      const chain = build(shape);
      const { members } = chain.committees;
      const validatorIndex = members[pick % members.length]!;
      const watched = Uint32Array.of(validatorIndex);
      const { ledger, chain: view } = ledgerOf(chain, [], watched);
      const proof = proveDuty({
        validatorIndex,
        epoch,
        state: "final",
        spec: chain.spec,
        seats: indexCommittees(chain.spec, chain.committees),
        seatFrom: "state",
        blocks: chain.blocks,
        chain: view,
        isSlashed: false,
      });
      const expected = naiveDuty(chain, validatorIndex)!;
      expect({ duty: proof.duties, delay: proof.delay, emptySlots: proof.emptySlots }).toEqual(expected);
      for (const { blockSlot } of proof.inclusions) expect(proof.examined.map(({ slot }) => slot)).toContain(blockSlot);
      const own = ledger.watchedCounts(proof.duty!.slot);
      expect(own.assigned).toBe(1);
      expect(own.included).toBe(proof.delay === 0 ? 0 : 1);
      expect(own.timelyHead).toBe(expected.duty & dutyBits.timelyHead ? 1 : 0);
    }),
    { numRuns: 150 },
  );
});

test("computed rewards are those of get_flag_index_deltas, in and out of an inactivity leak", () => {
  fc.assert(
    fc.property(
      chainShape,
      fc.array(fc.integer({ min: 1, max: 2048 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      fc.nat({ max: 4 }),
      (shape, stakes, isLeaking, slashEvery) => {
        const chain = build({ ...shape, forkNow: Math.max(1, shape.forkNow), forkNext: Math.max(1, shape.forkNext) });
        const { members } = chain.committees;
        const size = Math.max(...members) + 1;
        const stakeOf = (index: number): number => stakes[index % stakes.length]!;
        const isSlashed = (index: number): boolean => slashEvery > 1 && index % (slashEvery * 5) === 0;
        const registry = Array.from({ length: size }, (_, index) => {
          const duty = naiveDuty(chain, index)?.duty;
          return {
            duty: (duty ?? 0) | (isSlashed(index) ? dutyBits.slashed : 0),
            effectiveBalance: BigInt(stakeOf(index)) * 1_000_000_000n,
            isActive: duty !== undefined,
            // Some leave, some join between N and N + 1.
            isActiveNext: index % 7 !== 0,
          };
        });
        const expected = naiveDeltas(chain.spec, registry, isLeaking);
        const active = registry.reduce((sum, it, index) => sum + (it.isActiveNext ? stakeOf(index) : 0), 0);
        const watched = [...members].sort((a, b) => a - b);
        const result = judgeEpoch(
          testInput(chain, watched, {
            network: {
              effectiveBalance: Uint16Array.from({ length: size }, (_, index) => stakeOf(index)),
              slashed: Uint8Array.from({ length: size }, (_, index) => (isSlashed(index) ? 1 : 0)),
              activeIncrements: active,
              activeIncrementsOfEpoch: active,
            },
            finalizedEpoch: isLeaking ? epoch - 5 : epoch - 4,
          }),
        );
        expect(result.rewards).toBe("computed");
        expect(result.caveats.includes("inactivity-leak")).toBe(isLeaking);
        expect([...result.columns.earned]).toEqual(watched.map((index) => Number(expected.earned[index])));
        expect([...result.columns.ideal]).toEqual(watched.map((index) => Number(expected.ideal[index])));
        expect(result.network.earned).toBe(watched.reduce((sum, index) => sum + Number(expected.earned[index]), 0));
        expect(result.network.ideal).toBe(result.cohorts[0]!.totals.ideal);
      },
    ),
    { numRuns: 100 },
  );
});
