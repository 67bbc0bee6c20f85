import { expect, test } from "vitest";
import { createSimChain } from "../create-sim-chain.ts";
import { flagBits } from "./ledger.ts";
import { addFork, addReorgs, withoutFinality } from "./chain-scripts.ts";
import type { DutyScript } from "./duty-script.ts";
import type { SimChain, SimChainOptions } from "./types.ts";

const { source, target, head } = flagBits;
const base: SimChainOptions = { seed: "script", slotDurationMs: 12_000, genesisTimeMs: 0, validators: 64 };

function chainOf(duties: DutyScript, more: Partial<SimChainOptions> = {}): SimChain {
  return createSimChain({ ...base, duties, ...more });
}

test("each scripted loss of one validator shows in its flags, and nobody else loses any", () => {
  const losses: Record<number, ReturnType<NonNullable<DutyScript["attestation"]>>> = {
    3: { attests: false },
    4: { wrongHead: true },
    5: { wrongTarget: true },
    6: { lateSlots: 1 },
    7: { lateSlots: 3 },
    8: { lateSlots: 20 },
  };
  const chain = chainOf({ attestation: (index, slot) => (slot >= 24 && slot < 32 ? losses[index] : undefined) });

  const flags = [...chain.participation(3)];

  expect(flags.slice(3, 9)).toEqual([0, source | target, source, source | target, target, 0]);
  const others = flags.filter((_, index) => losses[index] === undefined);
  expect(new Set(others)).toEqual(new Set([source | target | head]));
});

test("a proposer that misses leaves its slot empty, an orphaned block is seen for one slot and then left behind", () => {
  const honest = chainOf({});
  const at = (slot: number) => honest.proposerAt(honest.headAt(slot - 1), slot);
  const chain = chainOf({
    proposal: (index, slot) =>
      slot === 20 && index === at(20) ? "missed" : slot === 22 && index === at(22) ? "orphaned" : undefined,
  });

  expect(chain.blockAt(20)).toBeUndefined();
  expect(chain.blockAt(22)).toBeUndefined();
  const [orphan] = chain.leftBehindAt(22);
  expect(chain.headAt(22, chain.visibleBranch(22)).root).toBe(orphan?.root);
  expect(chain.headAt(23, chain.visibleBranch(23)).parentRoot).toBe(chain.headAt(21).root);
  // Those who saw it voted for it, which the chain does not count as the right head.
  const votes = chain.blockAt(23)?.units.filter(({ group }) => group.slot === 22);
  expect(votes?.map(({ group }) => group.headRoot)).toEqual([orphan?.root]);
});

test("attesters do not vote for a block that comes after their deadline", () => {
  const chain = chainOf({ proposal: (_index, slot) => (slot === 30 ? { lateMs: 6_000 } : undefined) });
  const votes = chain.blockAt(31)?.units.find(({ group }) => group.slot === 30);
  expect(votes?.group.headRoot).toBe(chain.blockAt(29)?.root);
});

test("before Electra a block has at most 128 attestations, from then on 8, and what has no room waits", () => {
  for (const [fork, limit] of [
    ["deneb", 128],
    ["electra", 8],
  ] as const) {
    const chain = chainOf(
      { attestation: (index) => ({ lateSlots: index % 6, wrongHead: index % 2 === 0 }) },
      {
        ...{ validators: 600, forks: { [fork]: 0 }, packing: { aggregates: 4, repeats: 3 } },
        missedSlots: (slot) => slot % 8 > 0 && slot % 8 < 7,
      },
    );
    const counts = Array.from({ length: 40 }, (_, at) => chain.blockAt(at + 9)?.units.length ?? 0);
    expect(Math.max(...counts)).toBe(limit);
    const waiting = Array.from({ length: 40 }, (_, at) => chain.blockAt(at + 9)?.leftover.length ?? 0);
    expect(Math.max(...waiting)).toBeGreaterThan(0);
  }
});

test("overlapping aggregates and repeats change no flag", () => {
  const duties: DutyScript = {
    attestation: (index, slot) => (index % 7 === slot % 7 ? { attests: false } : undefined),
  };
  const plain = chainOf(duties);
  const crowded = chainOf(duties, { packing: { aggregates: 3, repeats: 3 } });
  expect(crowded.blockAt(30)?.units.length).toBeGreaterThan(3);
  expect([...crowded.participation(3)].map(Boolean).filter(Boolean).length).toBeGreaterThan(40);
  // Committees hang on roots, and these differ: what is compared is how many did which.
  const sorted = (chain: SimChain) => [...chain.participation(0)].sort();
  expect(sorted(crowded)).toEqual(sorted(plain));
});

test("a hundred epochs without finality, and it comes back", () => {
  const chain = createSimChain({ ...base, ...withoutFinality(3) });
  const at = (epoch: number) => chain.stateAt(chain.headAt(epoch * 8), epoch * 8);
  expect(at(102).finalized.epoch).toBeLessThan(3);
  const { scores } = chain.ledgerAt(chain.headAt(102 * 8), 102 * 8);
  expect(Math.max(...(scores ?? []))).toBeGreaterThan(100);
  expect(at(110).finalized.epoch).toBeGreaterThan(100);
});

test("reorgs of depth 1 to 3 leave so many blocks behind, and a fork has its own", () => {
  const chain = createSimChain(base);
  const slots = addReorgs(chain, { fromSlot: 20, toSlot: 60, everySlots: 10 });
  addFork(chain, "fork", 40, 0.3);
  expect(slots.map((slot) => slot - (chain.blockAt(slot) ? chain.headAt(slot - 1).slot : 0))).toEqual([2, 3, 4, 2]);
  expect(chain.leftBehindAt((slots[2] ?? 0) - 3)).toHaveLength(1);
  expect(chain.stateAt(chain.headAt(120, "fork"), 120).finalized.epoch).toBeLessThan(6);
  expect(chain.stateAt(chain.headAt(120), 120).finalized.epoch).toBe(13);
});

test("seats of a validator that misses sync duty are empty in that block only", () => {
  const sitter = createSimChain(base).syncCommittee(2)[0] ?? 0;
  const chain = chainOf({ missesSync: (index, slot) => index === sitter && slot === 20 });
  const missing = (slot: number) => chain.syncBits(chain.headAt(slot)).filter((bit) => !bit).length;
  expect([missing(19), missing(20), missing(21)]).toEqual([
    0,
    chain.syncCommittee(2).filter((index) => index === sitter).length,
    0,
  ]);
});
