import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimChain } from "./create-sim-chain.ts";
import type { SimChainOptions } from "./chain/types.ts";

const base: SimChainOptions = { seed: "seed", slotDurationMs: 12_000, genesisTimeMs: 0, validators: 64 };

const anyChain = fc.record({
  seed: fc.string({ minLength: 1 }),
  validators: fc.integer({ min: 8, max: 300 }),
  participation: fc.double({ min: 0, max: 1, noNaN: true }),
  missedSlots: fc.double({ min: 0, max: 0.6, noNaN: true }),
});

test("given the same seed, chains read in any order have the same roots; another seed has others", () => {
  const forwards = createSimChain({ ...base, missedSlots: 0.2, participation: 0.9 });
  const backwards = createSimChain({ ...base, missedSlots: 0.2, participation: 0.9 });
  const slots = Array.from({ length: 60 }, (_, slot) => slot);

  const first = slots.map((slot) => forwards.blockAt(slot)?.root);
  const second = slots.toReversed().map((slot) => backwards.blockAt(slot)?.root);

  expect(second.toReversed()).toEqual(first);
  expect(createSimChain({ ...base, seed: "other" }).headAt(59).root).not.toBe(forwards.headAt(59).root);
});

test("every block's parent is the last block before it", () => {
  fc.assert(
    fc.property(anyChain, (options) => {
      const chain = createSimChain({ ...base, ...options });
      for (let slot = 1; slot < 50; slot++) {
        const block = chain.blockAt(slot);
        if (block) expect(block.parentRoot).toBe(chain.headAt(slot - 1).root);
      }
    }),
    { numRuns: 15 },
  );
});

test("finality and justification never go back, and finality lies behind justification", () => {
  fc.assert(
    fc.property(anyChain, (options) => {
      const chain = createSimChain({ ...base, ...options });
      let finalized = 0;
      let justified = 0;
      for (let slot = 0; slot < 90; slot++) {
        const state = chain.stateAt(chain.headAt(slot), slot);
        expect(state.finalized.epoch).toBeGreaterThanOrEqual(finalized);
        expect(state.justified.epoch).toBeGreaterThanOrEqual(justified);
        expect(state.finalized.epoch).toBeLessThanOrEqual(state.justified.epoch);
        finalized = state.finalized.epoch;
        justified = state.justified.epoch;
      }
    }),
    { numRuns: 12 },
  );
});

test("committees of an epoch hold every active validator once and nobody else", () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 600 }), fc.integer({ min: 0, max: 6 }), (validators, epoch) => {
      const validatorLife = (index: number) => ({
        activationEpoch: index % 5 === 0 ? 2 : 0,
        exitEpoch: index % 7 === 0 ? 4 : Infinity,
      });
      const chain = createSimChain({ ...base, validators, validatorLife });
      const set = chain.committees(chain.headAt(epoch * 8), epoch);
      const members: number[] = [];
      for (let slot = 0; slot < 8; slot++) {
        for (let index = 0; index < set.committeesPerSlot; index++) members.push(...set.members(slot, index));
      }
      expect(members.sort((a, b) => a - b)).toEqual([...chain.validators.activeIndices(epoch)]);
    }),
    { numRuns: 20 },
  );
});

test("with everyone attesting, the epoch before the last is final, as on a healthy network", () => {
  const chain = createSimChain(base);
  const state = chain.stateAt(chain.headAt(84), 84);
  expect(state).toMatchObject({ epoch: 10, justified: { epoch: 9 }, finalized: { epoch: 8 } });
  expect(state.finalized.root).toBe(chain.headAt(64).root);
});

test("with less than two thirds attesting, finality stands still until they return", () => {
  const chain = createSimChain({
    ...base,
    validators: 512,
    participation: (epoch) => (epoch >= 5 && epoch < 9 ? 0.6 : 1),
  });
  expect(chain.headAt(71).state.finalized.epoch).toBe(3);
  expect(chain.headAt(103).state.finalized.epoch).toBeGreaterThanOrEqual(9);
});

test("a branch shares its parent's blocks before the fork and none after it", () => {
  const chain = createSimChain(base);
  chain.addBranch({ name: "fork", fromSlot: 20 });
  expect(chain.blockAt(19, "fork")?.root).toBe(chain.blockAt(19)?.root);
  expect(chain.blockAt(20, "fork")?.parentRoot).toBe(chain.blockAt(19)?.root);
  expect(chain.blockAt(20, "fork")?.root).not.toBe(chain.blockAt(20)?.root);
  expect(chain.committees(chain.headAt(60, "fork"), 7)).not.toEqual(chain.committees(chain.headAt(60), 7));
});

test("before a reorg nodes see the blocks that are then left behind", () => {
  const chain = createSimChain(base);
  chain.addReorg({ slot: 12, depth: 2 });

  const before = chain.headAt(11, chain.visibleBranch(11));
  const after = chain.headAt(12, chain.visibleBranch(12));

  expect(before.slot).toBe(11);
  expect(after.parentRoot).toBe(chain.headAt(9).root);
  expect(chain.ancestorAt(after, 11).slot).toBe(9);
  expect(() => chain.addReorg({ slot: 12, depth: 1 })).toThrow("later slot");
});

test("a chain that begins at a checkpoint knows nothing before it and finalizes from there", () => {
  const chain = createSimChain({ ...base, firstSlot: 1_000_003 });
  expect(chain.firstSlot).toBe(1_000_000);
  expect(chain.blockAt(999_999)).toBeUndefined();
  expect(chain.stateAt(chain.headAt(1_000_045), 1_000_045).finalized.epoch).toBe(125_003);
});

test("a validator is found by its key, and a changed key is nobody's", () => {
  const { validators } = createSimChain({ ...base, validators: 1_000_000 });
  expect(validators.indexOf(validators.pubkey(999_999))).toBe(999_999);
  expect(validators.indexOf(validators.pubkey(7).replace(/^0x..../, "0xffff"))).toBeUndefined();
});
