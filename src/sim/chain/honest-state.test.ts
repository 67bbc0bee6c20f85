import { describe, expect, test } from "vitest";
import { createSimChain } from "../create-sim-chain.ts";
import { createNaiveState } from "../testing/naive-state.ts";
import { messyBalance, messyLife, messyScript } from "../testing/messy-script.ts";
import type { SimChain, SimChainOptions } from "./types.ts";

const base: SimChainOptions = { seed: "honest", slotDurationMs: 12_000, genesisTimeMs: 0, validators: 96 };
const messy: Partial<SimChainOptions> = {
  duties: messyScript("messy"),
  validatorLife: messyLife(8),
  startBalance: messyBalance,
  packing: { aggregates: 3, repeats: 2 },
};

/** Walks the canonical blocks with the plain rules, and holds the chain's own state against them after every slot. */
function compare(chain: SimChain, epochs: number, everySlots = 1): void {
  const naive = createNaiveState(chain);
  const start = chain.firstSlot;
  for (let slot = start + 1; slot <= start + epochs * chain.slotsPerEpoch; slot++) {
    const block = chain.blockAt(slot);
    if (block) naive.processBlock(block);
    else if (slot % chain.slotsPerEpoch === 0) naive.processEpoch();
    if (slot % everySlots !== 0) continue;
    const ledger = chain.ledgerAt(chain.headAt(slot), slot);
    const { previousJustified, justified, finalized } = ledger.light;
    const wanted = naive.read();
    expect({
      slot,
      balances: [...ledger.balances],
      effective: [...ledger.effective],
      previous: [...ledger.previous].map((flags) => flags & 7),
      current: [...ledger.current].map((flags) => flags & 7),
      scores: ledger.scores ? [...ledger.scores] : wanted.scores.map(() => 0),
      slashed: [...ledger.slashed.keys()].sort((a, b) => a - b),
      checkpoints: [previousJustified, justified, finalized],
    }).toEqual({ slot, ...wanted });
  }
  expect(naive.problems).toEqual([]);
}

describe.each(["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu"] as const)("%s", (fork) => {
  test("flags, balances and checkpoints follow by the rules from the blocks, whatever goes wrong", () => {
    compare(createSimChain({ ...base, ...messy, forks: { [fork]: 0 } }), 12);
  });
});

test("through five forks in twenty epochs, the state follows the rules of each", () => {
  const forks = { altair: 2, bellatrix: 4, capella: 6, deneb: 9, electra: 12, fulu: 15 };
  compare(createSimChain({ ...base, ...messy, forks }), 18);
});

test("in a leak everybody loses by the rules, and those who attest stop losing when it ends", () => {
  const participation = (epoch: number) => (epoch >= 3 && epoch < 14 ? 0.55 : 1);
  const chain = createSimChain({ ...base, participation, startBalance: messyBalance });
  compare(chain, 24);
  const last = chain.stateAt(chain.headAt(24 * 8 - 1), 24 * 8 - 1);
  expect(last.finalized.epoch).toBeGreaterThan(19);
});

test("slashed validators lose once more half-way to their withdrawal", () => {
  const slashed = { slot: (5001 - 4096) * 32 + 1, offence: "attester" as const };
  const validatorLife = (index: number) => ({
    activationEpoch: 0,
    exitEpoch: Infinity,
    ...(index < 3 ? { slashed } : {}),
  });
  const chain = createSimChain({ ...base, preset: "mainnet", validators: 24, validatorLife, firstSlot: 5000 * 32 });
  compare(chain, 3, 4);
  const balanceAt = (epoch: number) => chain.ledgerAt(chain.headAt(epoch * 32), epoch * 32).balances[0] ?? 0;
  expect(balanceAt(5001) - balanceAt(5002)).toBeGreaterThan(10_000_000_000);
});

test.each(["mainnet", "gnosis"] as const)("the same holds for the %s preset from a high slot on", (preset) => {
  const { duties, startBalance, packing } = messy;
  const options = { ...base, duties, startBalance, packing, preset, validators: 140, firstSlot: 9_000_003 };
  compare(createSimChain(options as SimChainOptions), 4, 3);
});

test("given the same messy options, states asked in any order are the same", () => {
  const forwards = createSimChain({ ...base, ...messy });
  const backwards = createSimChain({ ...base, ...messy });
  const slots = Array.from({ length: 70 }, (_, slot) => slot + 1);
  const read = (chain: SimChain, slot: number) => [...chain.ledgerAt(chain.headAt(slot), slot).balances];

  const first = slots.map((slot) => read(forwards, slot));
  const second = slots.toReversed().map((slot) => read(backwards, slot));

  expect(second.toReversed()).toEqual(first);
});
