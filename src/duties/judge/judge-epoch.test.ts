import { expect, test, vi } from "vitest";
import { dutyBits, type BlockFacts } from "../types.ts";
import {
  packBits,
  rootOf,
  testBlock,
  testCommittees,
  testInput,
  testSpec,
  testVote,
  type TestEpoch,
} from "./chain-fixture.ts";
import { judgeEpoch } from "./judge-epoch.ts";
import type { JudgeInput } from "./judge-input.ts";
import type { LostDuty } from "./lost-duty.ts";

const epoch = 2;
const spec = testSpec(8, ["electra", 0]);
/** Slots 16 to 23: two committees of two each; validator 4 i is the first of slot 16 + i. */
const committees = testCommittees(spec, epoch, 2, 2);
const parties = Array.from({ length: 32 }, (_, i) => i);

/** Everybody votes right and is in the next block; `change` spoils it. */
function perfectEpoch(change: (slot: number, block: BlockFacts) => BlockFacts | undefined = (_, it) => it): TestEpoch {
  const blocks: BlockFacts[] = [];
  for (let slot = 16; slot < 32; slot += 1) {
    const attestations = slot > 16 && slot <= 24 ? [testVote(spec, committees, slot - 1)] : [];
    const block = change(
      slot,
      testBlock(slot, { fork: "electra", attestations, syncBits: new Uint8Array(4).fill(255) }),
    );
    if (block !== undefined) blocks.push(block);
  }
  return { spec, committees, blocks };
}

const proposers = [16, 17, 18, 19, 20, 21, 22, 23];

function exceptionsOf(input: JudgeInput) {
  return judgeEpoch(input).exceptions.map(({ slot, validatorIndex, kind, outcome, detail }) => ({
    slot,
    validatorIndex,
    kind,
    outcome,
    detail,
  }));
}

test("an epoch in which everybody does everything has no exception", () => {
  const result = judgeEpoch(testInput(perfectEpoch(), parties, { proposers }));
  expect(result.exceptions).toEqual([]);
  expect(result.network).toMatchObject({
    validators: 32,
    assigned: 32,
    timelyHead: 32,
    delaySum: 32,
    proposals: 8,
    proposed: 8,
  });
  expect(result.cohorts).toHaveLength(1);
  expect(result.cohorts[0]).toMatchObject({
    key: "",
    value: "",
    totals: { validators: 32, timelyHead: 32, proposed: 8 },
  });
  expect(result).toMatchObject({ epoch, headRoot: rootOf("b", 31), fork: "electra", rewards: "none" });
  expect(result.caveats).toEqual(["balances-unknown", "no-rewards", "sync-committee-unknown"]);
});

test("each lost attestation is one exception with the worst that can be said of it", () => {
  const wrong = rootOf("x", 1);
  const chain = perfectEpoch((slot, block) => {
    if (slot === 17) return { ...block, attestations: [testVote(spec, committees, 16, { who: (place) => place > 0 })] };
    if (slot === 18)
      return { ...block, attestations: [testVote(spec, committees, 17, { target: { epoch, root: wrong } })] };
    if (slot === 19) return { ...block, attestations: [testVote(spec, committees, 18, { headRoot: wrong })] };
    if (slot === 20) return { ...block, attestations: [] };
    if (slot === 21)
      return {
        ...block,
        attestations: [testVote(spec, committees, 20), testVote(spec, committees, 19, { headRoot: wrong })],
      };
    if (slot === 22) return { ...block, attestations: [] };
    if (slot === 23)
      return { ...block, attestations: [testVote(spec, committees, 21), testVote(spec, committees, 22)] };
    return block;
  });
  expect(exceptionsOf(testInput(chain, [0, 1, 4, 8, 12, 16, 20]))).toEqual([
    { slot: 16, validatorIndex: 0, kind: "attestation", outcome: "missed", detail: 0 },
    { slot: 17, validatorIndex: 4, kind: "attestation", outcome: "wrong-target", detail: 1 },
    { slot: 18, validatorIndex: 8, kind: "attestation", outcome: "wrong-head", detail: 1 },
    { slot: 19, validatorIndex: 12, kind: "attestation", outcome: "wrong-head", detail: 2 },
    { slot: 21, validatorIndex: 20, kind: "attestation", outcome: "late", detail: 2 },
  ]);
});

test("an empty slot excuses the delay, but not a vote that came later than the next block", () => {
  const chain = perfectEpoch((slot, block) => {
    if (slot === 18) return undefined;
    if (slot === 19) return { ...block, attestations: [testVote(spec, committees, 17, { who: (place) => place < 6 })] };
    if (slot === 20) return { ...block, attestations: [testVote(spec, committees, 17)] };
    return block;
  });
  const result = judgeEpoch(testInput(chain, [4, 5, 6, 7]));
  expect([...result.columns.delay]).toEqual([2, 2, 3, 3]);
  expect([...result.columns.emptySlots]).toEqual([1, 1, 1, 1]);
  expect(result.exceptions.map(({ validatorIndex, outcome }) => [validatorIndex, outcome])).toEqual([
    [6, "late"],
    [7, "late"],
  ]);
});

test("whoever looks for the cause is told all that the chain shows", () => {
  const wrong = rootOf("x", 18);
  const chain = perfectEpoch((slot, block) =>
    slot === 19
      ? {
          ...block,
          attestations: [
            testVote(spec, committees, 18, { who: (place) => place === 8, headRoot: wrong }),
            testVote(spec, committees, 18, { who: (place) => place === 10 }),
          ],
        }
      : block,
  );
  const seen: LostDuty[] = [];
  const causeOf = vi.fn((lost: LostDuty) => {
    seen.push(lost);
    return { code: "test", confidence: "certain" as const, evidence: [] };
  });
  const result = judgeEpoch(testInput(chain, [8], { causeOf }));
  expect(result.exceptions[0]?.cause.code).toBe("test");
  expect(seen).toEqual([
    {
      kind: "attestation",
      epoch,
      slot: 18,
      validatorIndex: 8,
      outcome: "wrong-head",
      detail: 1,
      seat: { committee: 0, position: 0 },
      duty: dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget,
      emptySlots: 0,
      lost: undefined,
      voted: {
        headRoot: wrong,
        source: { epoch: 1, root: rootOf("b", 8) },
        target: { epoch, root: rootOf("b", 16) },
        blockSlot: 19,
      },
      expected: { headRoot: rootOf("b", 18), targetRoot: rootOf("b", 16) },
      firstChance: { slot: 19, root: rootOf("b", 19) },
      slotNetwork: { assigned: 4, included: 2, timelySource: 2, timelyTarget: 2, timelyHead: 1 },
      committeeNetwork: { assigned: 2, included: 1, timelySource: 1, timelyTarget: 1, timelyHead: 0 },
      slotOwn: { assigned: 1, included: 1, timelySource: 1, timelyTarget: 1, timelyHead: 0 },
      slotVotes: [
        { headRoot: wrong, votes: 1 },
        { headRoot: rootOf("b", 18), votes: 1 },
      ],
    },
  ]);
  expect(causeOf.mock.calls[0]).toHaveLength(2);
});

test("live: a vote that may still be included is no exception, and slots to come are left out", () => {
  const whole = perfectEpoch((slot, block) => (slot === 18 ? { ...block, attestations: [] } : block));
  const chain = { ...whole, blocks: whole.blocks.filter(({ slot }) => slot <= 20) };
  const live = judgeEpoch(testInput(chain, parties, { state: "live" }));
  expect(live.exceptions).toEqual([]);
  expect(live.slots.map(({ slot }) => slot)).toEqual([16, 17, 18, 19, 20]);
  const provisional = judgeEpoch(testInput(chain, parties));
  expect(provisional.exceptions.filter(({ kind }) => kind === "attestation")).toHaveLength(4 + 4 * 4);
  expect(provisional.slots).toHaveLength(8);
});

test("after a reorg the same epoch is judged anew: a vote for the left block becomes a wrong head", () => {
  const before = judgeEpoch(testInput(perfectEpoch(), [8]));
  expect(before.exceptions).toEqual([]);
  const after = perfectEpoch((slot, block) => (slot === 18 ? undefined : block));
  const orphans = [{ slot: 18, root: rootOf("b", 18), proposerIndex: 18 }];
  const result = judgeEpoch(testInput(after, [8, 18], { proposers, orphans }));
  expect(result.exceptions.map(({ kind, validatorIndex, outcome }) => [kind, validatorIndex, outcome])).toEqual([
    ["proposal", 18, "orphaned"],
    ["attestation", 8, "wrong-head"],
  ]);
  expect(result.slots[2]).toMatchObject({ slot: 18, block: "orphaned", root: rootOf("b", 18), proposerIndex: 18 });
});

test("a proposal is missed where nobody saw a block; it cost what the epoch's blocks earned on average", () => {
  const chain = perfectEpoch((slot, block) => (slot === 20 ? undefined : block));
  const blocks = new Map([
    [rootOf("b", 16), 40_000_000],
    [rootOf("b", 17), 41_000_001],
    // Of the next epoch: no part of this epoch's average.
    [rootOf("b", 25), 1],
  ]);
  const rewards = { attestations: undefined, sync: new Map(), blocks };
  const result = judgeEpoch(testInput(chain, [16, 20], { proposers, rewards }));
  expect(result.proposals).toMatchObject([
    { slot: 16, validatorIndex: 16, outcome: "proposed", reward: 40_000_000, lost: undefined },
    { slot: 20, validatorIndex: 20, outcome: "missed", reward: undefined, lost: 40_500_001 },
  ]);
  expect(result.cohorts[0]?.totals).toMatchObject({ proposals: 2, proposed: 1 });
  expect(result.network).toMatchObject({ proposals: 8, proposed: 7 });
});

test("without proposers a missed slot is nobody's, and the result says so", () => {
  const chain = perfectEpoch((slot, block) => (slot === 20 ? undefined : block));
  const result = judgeEpoch(testInput(chain, [20]));
  expect(result.proposals).toEqual([]);
  expect(result.slots[4]).toMatchObject({ block: "missed", proposerIndex: undefined });
  expect(result.caveats).toContain("proposers-unknown");
});

test("nobody proposed genesis", () => {
  const first = { spec, committees: testCommittees(spec, 0, 1, 1), blocks: [testBlock(1, { fork: "electra" })] };
  const input = testInput(first, [0, 1], { proposers: [0, 1, 2, 3, 4, 5, 6, 7] }, [{ slot: 0, root: rootOf("b", 0) }]);
  const result = judgeEpoch(input);
  expect(result.slots[0]).toMatchObject({ slot: 0, block: "proposed", root: rootOf("b", 0), proposerIndex: undefined });
  expect(result.proposals.map(({ slot }) => slot)).toEqual([1]);
  expect(result.network.proposals).toBe(7);
});

test("nobody signs in the block of genesis", () => {
  const syncCommittee = Uint32Array.from({ length: 32 }, (_, seat) => seat);
  const nobody = packBits(Array.from({ length: 32 }, () => false));
  const everybody = packBits(Array.from({ length: 32 }, () => true));
  const blocks = [
    testBlock(0, { fork: "electra", syncBits: nobody }),
    testBlock(1, { fork: "electra", syncBits: everybody }),
  ];
  const first = { spec, committees: testCommittees(spec, 0, 1, 1), blocks };
  const result = judgeEpoch(testInput(first, [0], { syncCommittee }));
  expect(result.sync).toMatchObject([{ validatorIndex: 0, duties: 1, hits: 1 }]);
});

test("several seats of one validator each count, per block; an empty slot asks nothing", () => {
  const syncCommittee = Uint32Array.from({ length: 32 }, (_, seat) => (seat < 3 ? 7 : 100 + seat));
  const missing = packBits(Array.from({ length: 32 }, (_, seat) => seat !== 1));
  const chain = perfectEpoch((slot, block) =>
    slot === 18 ? undefined : slot === 17 || slot === 19 ? { ...block, syncBits: missing } : block,
  );
  const seatReward = 1000;
  const sync = new Map(
    chain.blocks.map((block) => [block.root, new Map([[7, block.syncBits === missing ? seatReward : 3 * seatReward]])]),
  );
  const rewards = { attestations: undefined, sync, blocks: new Map() };
  const result = judgeEpoch(testInput(chain, [7], { syncCommittee, rewards }));
  expect(result.sync).toEqual([
    { validatorIndex: 7, seats: 3, duties: 21, hits: 19, earned: 17 * seatReward, ideal: 21 * seatReward },
  ]);
  expect(result.exceptions.filter(({ kind }) => kind === "sync")).toMatchObject([
    { slot: 17, validatorIndex: 7, outcome: "sync-missed", detail: 2, lost: 4 * seatReward },
  ]);
  expect(result.network).toMatchObject({ syncDuties: 7 * 32, syncHits: 7 * 32 - 2 });
  expect(result.cohorts[0]?.totals).toMatchObject({
    syncDuties: 21,
    syncHits: 19,
    syncEarned: 17000,
    syncIdeal: 21000,
  });
});

test("the first block of a new sync period counts with the new period's committee", () => {
  // The bits of slot 16 sign slot 15 of the epoch before: still the committee of the block's own epoch.
  const missing = new Uint8Array(4);
  const chain = perfectEpoch((slot, block) => (slot === 16 ? { ...block, syncBits: missing } : block));
  const result = judgeEpoch(testInput(chain, [3], { syncCommittee: new Uint32Array(32).fill(3) }));
  expect(result.sync).toMatchObject([{ seats: 32, duties: 8 * 32, hits: 7 * 32 }]);
});

test("a slashed validator is told once by its slashing and attests for nothing from then on", () => {
  const chain = perfectEpoch((slot, block) =>
    slot === 20 ? { ...block, attesterSlashed: [3, 9], proposerSlashed: [999] } : block,
  );
  const result = judgeEpoch(testInput(chain, [3, 4]));
  expect(result.slashings).toEqual([{ slot: 20, validatorIndex: 3, offence: "attester" }]);
  expect([...result.columns.duty].map((duty) => duty & dutyBits.slashed)).toEqual([dutyBits.slashed, 0]);
  expect(exceptionsOf(testInput(chain, [3, 4]))).toEqual([
    { slot: 20, validatorIndex: 3, kind: "slashing", outcome: "slashed", detail: 0 },
    { slot: 16, validatorIndex: 3, kind: "attestation", outcome: "slashed", detail: 1 },
  ]);
  expect(result.network.slashed).toBe(2);
});

test("two slashings that name the same validator are one, and one of somebody slashed before is none", () => {
  const chain = perfectEpoch((slot, block) =>
    slot === 20 || slot === 21 ? { ...block, attesterSlashed: slot === 20 ? [3] : [3, 5, 6] } : block,
  );
  const slashedBefore = (index: number) => index === 6;
  expect(judgeEpoch(testInput(chain, parties, { slashedBefore })).slashings).toEqual([
    { slot: 20, validatorIndex: 3, offence: "attester" },
    { slot: 21, validatorIndex: 5, offence: "attester" },
  ]);
});

test("the node's rewards are taken as they are; whoever it leaves out counts as 0 of 0 and is named", () => {
  const ideal = { head: 14, target: 26, source: 14 };
  const told = (index: number, head: number) => ({ index, head, target: 26, source: 14, inactivity: 0, ideal });
  const reward = (attestations: ReturnType<typeof told>[]) => ({ attestations, sync: new Map(), blocks: new Map() });
  const chain = perfectEpoch((slot, block) =>
    slot === 18 ? { ...block, attestations: [testVote(spec, committees, 17, { headRoot: rootOf("x", 1) })] } : block,
  );
  const whole = judgeEpoch(testInput(chain, [4, 8], { rewards: reward([told(8, 14), told(4, 0)]) }));
  expect(whole).toMatchObject({
    rewards: "node",
    exceptions: [{ validatorIndex: 4, outcome: "wrong-head", lost: 14 }],
  });
  expect(whole.caveats).not.toContain("rewards-incomplete");
  expect(whole.cohorts[0]?.totals).toMatchObject({ earned: 94, ideal: 108 });

  for (const odd of [
    [told(8, 14)],
    [told(8, 14), told(4, NaN)],
    [told(8, 14), told(4, 1e15)],
    [told(8, 14), { ...told(4, 1), ideal: undefined as never }],
  ]) {
    const part = judgeEpoch(testInput(chain, [4, 8], { rewards: reward(odd) }));
    expect([...part.columns.earned]).toEqual([0, 54]);
    expect([...part.columns.ideal]).toEqual([0, 54]);
    expect(part.caveats).toContain("rewards-incomplete");
  }
});

test("parts of different epochs, or a ledger that lags behind its blocks, are refused", () => {
  const chain = perfectEpoch();
  const input = testInput(chain, [1]);
  const refused = expect.objectContaining({ code: "judge-input" }) as Error;
  expect(() => judgeEpoch({ ...input, epoch: 3 })).toThrow(refused);
  const short = testInput({ ...chain, blocks: chain.blocks.slice(0, 5) }, [1]);
  expect(() => judgeEpoch({ ...short, blocks: chain.blocks })).toThrow(refused);
  const watched = { ...input.watched, slashed: new Uint8Array(2) };
  expect(() => judgeEpoch({ ...input, watched })).toThrow(refused);
});

test("cohorts sum their members only, and a validator in no committee stands in none of the counts", () => {
  const chain = perfectEpoch((slot, block) => (slot === 17 ? { ...block, attestations: [] } : block));
  const watched = {
    indices: Uint32Array.of(0, 4, 500),
    effectiveBalance: Uint16Array.of(32, 2048, 32),
    balance: undefined,
    slashed: undefined,
  };
  const cohorts = [
    { key: "customer", value: "a", members: Uint32Array.of(0, 2) },
    { key: "customer", value: "b", members: Uint32Array.of(1) },
  ];
  const { cohorts: totals } = judgeEpoch({ ...testInput(chain, []), watched, cohorts });
  expect(
    totals.map(({ value, totals: { validators, stake, assigned, included, stakeHead } }) => ({
      value,
      validators,
      stake,
      assigned,
      included,
      stakeHead,
    })),
  ).toEqual([
    { value: "", validators: 3, stake: 2112, assigned: 2, included: 1, stakeHead: 2048 },
    { value: "a", validators: 2, stake: 64, assigned: 1, included: 0, stakeHead: 0 },
    { value: "b", validators: 1, stake: 2048, assigned: 1, included: 1, stakeHead: 2048 },
  ]);
});

test("computed: who had no duty earns and loses nothing; who a state says is slashed earns nothing", () => {
  const chain = perfectEpoch();
  // As before the epoch's first own block: the one before it may be given too.
  const blocks = [testBlock(15, { fork: "electra" }), ...chain.blocks];
  const watched = {
    indices: Uint32Array.of(0, 4, 500),
    effectiveBalance: Uint16Array.of(32, 32, 32),
    balance: Float64Array.of(32e9, 32.1e9, NaN),
    slashed: Uint8Array.of(0, 1, 0),
  };
  const network = {
    effectiveBalance: new Uint16Array(501).fill(32),
    slashed: undefined,
    activeIncrements: 32 * 32,
    activeIncrementsOfEpoch: 32 * 32,
  };
  const syncCommittee = new Uint32Array(32).fill(4);
  const input = testInput({ ...chain, blocks }, [], { watched, network, syncCommittee });
  const { columns, sync, rewards, network: everybody, caveats } = judgeEpoch(input);
  expect(rewards).toBe("computed");
  expect(caveats).toEqual(["proposers-unknown"]);
  expect(columns.earned[0]).toBeGreaterThan(0);
  expect(columns.earned[1]).toBeLessThan(0);
  expect(columns.ideal[1]).toBe(columns.ideal[0]);
  expect([columns.earned[2], columns.ideal[2]]).toEqual([0, 0]);
  expect(everybody).toMatchObject({ stake: 1024, stakeHead: 1024, slashed: 1, syncDuties: 256, syncHits: 256 });
  expect(sync[0]).toMatchObject({ seats: 32, duties: 256, hits: 256 });
  expect(sync[0]?.earned).toBe(sync[0]?.ideal);
  expect(everybody.syncEarned).toBe(sync[0]?.earned);
});

test("phase 0 and finality that nobody told are caveats", () => {
  const old = testSpec(8, ["phase0", 0]);
  const network = {
    effectiveBalance: new Uint16Array(32).fill(32),
    slashed: undefined,
    activeIncrements: 1024,
    activeIncrementsOfEpoch: undefined,
  };
  const blocks = [testBlock(16, { fork: "phase0" })];
  const first = judgeEpoch(testInput({ spec: old, committees, blocks }, [1], { network, proposers }));
  expect(first).toMatchObject({ rewards: "none", caveats: ["no-rewards", "phase0-rewards"], fork: "phase0" });
  const second = judgeEpoch(testInput(perfectEpoch(), [1], { network, proposers, finalizedEpoch: undefined }));
  expect(second.caveats).toEqual(["finality-unknown", "sync-committee-unknown"]);
});
