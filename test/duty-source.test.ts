import { afterEach, expect, test } from "vitest";
import type { CallResult } from "../src/beacon/call-result.ts";
import { createBlockTypes } from "../src/beacon/ssz/block-types.ts";
import type { ForkName } from "../src/chain/types.ts";
import { systemClock } from "../src/lib/clock.ts";
import { createFakeClock } from "../src/lib/fake-clock.ts";
import { silentLogger } from "../src/lib/log.ts";
import type { HttpDutySource } from "../src/duties/source/types.ts";
import type { SimNodeQuirks } from "../src/sim/node/types.ts";
import { createSimChain } from "../src/sim/create-sim-chain.ts";
import { presets, type PresetName } from "../src/sim/preset.ts";
import { startSimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";
import type { BlockFacts } from "../src/duties/types.ts";
import { blockRootOf } from "../src/duties/source/block-root.ts";
import { createHttpDutySource } from "../src/duties/source/create-http-duty-source.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What Lodestar 1.5.1 lacks, and what it does its own way. */
const oldQuirks: Partial<SimNodeQuirks> = {
  hasRewards: false,
  hasPostValidators: false,
  hasSsz: false,
  swapsCommitteeFields: true,
};

const genesisTimeMs = 1_700_000_000_000;
const { signal } = new AbortController();

/** A node at the last slot of epoch 3, and a source that knows nothing of its preset. */
async function start(preset: PresetName, fork: ForkName, validators = 200, quirks: Partial<SimNodeQuirks> = {}) {
  const slots = presets[preset].slotsPerEpoch;
  const chain = createSimChain({
    ...{ seed: "source", preset, slotDurationMs: 12_000, genesisTimeMs, validators },
    forks: { [fork]: 0 },
    participation: 0.8,
    missedSlots: (slot) => slot % 7 === 3,
  });
  const clock = createFakeClock(genesisTimeMs + (slots * 4 - 0.5) * 12_000);
  const node = await startSimBeaconNode({ chain, clock, name: "bn1", quirks });
  ends.push(() => node.stop());
  const source = createHttpDutySource({
    nodes: [{ name: "bn1", url: node.url }],
    clock: systemClock,
    spec: { slotsPerEpoch: chain.slotsPerEpoch, slotDurationMs: chain.slotDurationMs, forks: chain.forks },
    log: silentLogger,
  });
  ends.push(() => source.close());
  return { chain, source, head: chain.headAt(slots * 4 - 1) };
}

test.each([
  ["minimal", "phase0"],
  ["minimal", "capella"],
  ["minimal", "fulu"],
  ["mainnet", "electra"],
  ["gnosis", "deneb"],
] as const)("a %s chain of %s is walked from its head to its first block", async (preset, fork) => {
  const { chain, source, head } = await start(preset, fork);
  expect(await source.head(signal)).toMatchObject({ ok: true, value: { root: head.root, slot: head.slot } });
  const walked: BlockFacts[] = [];
  for (let { root } = head; root !== chain.headAt(0).root; root = walked.at(-1)?.parentRoot ?? "") {
    const block = await source.block(root, signal);
    if (!block.ok || block.value === undefined) throw new Error(block.ok ? "no block" : block.failure.message);
    walked.push(block.value);
  }
  expect(walked.map(({ slot, proposerIndex }) => ({ slot, proposerIndex }))).toEqual(
    Array.from({ length: head.slot }, (_, i) => chain.blockAt(head.slot - i))
      .filter((block) => block !== undefined)
      .map(({ slot, proposerIndex }) => ({ slot, proposerIndex })),
  );
  expect(walked[0]).toMatchObject({ fork, stateRoot: head.stateRoot, graffiti: "sim main" });
  expect(walked[0]?.attestations.length).toBeGreaterThan(0);
  expect(walked[0]?.syncBits?.length).toBe(fork === "phase0" ? undefined : preset === "minimal" ? 4 : 64);
});

test("duties, finality, roots and records are those of the chain", async () => {
  const { chain, source, head } = await start("minimal", "fulu");
  const { slotsPerEpoch } = chain;
  const committees = await source.committees(3, "head", signal);
  const set = chain.committees(head, 3);
  const members = Array.from({ length: slotsPerEpoch }, (_, slot) =>
    Array.from({ length: set.committeesPerSlot }, (_, index) => [...set.members(slot, index)]),
  ).flat(2);
  expect(committees).toMatchObject({ ok: true, value: { epoch: 3, committeesPerSlot: set.committeesPerSlot } });
  expect(committees.ok && [...committees.value.members]).toEqual(members);
  expect(new Set(members).size).toBe(200);

  const proposers = await source.proposers(3, signal);
  const due = Array.from({ length: slotsPerEpoch }, (_, i) => chain.proposerAt(head, 3 * slotsPerEpoch + i));
  expect(proposers).toMatchObject({ ok: true, value: { indices: due } });

  expect(await source.syncCommittee(3, "head", signal)).toMatchObject({
    ok: true,
    value: Uint32Array.from(chain.syncCommittee(3)),
  });
  const { finalized } = chain.stateAt(head, head.slot);
  expect(await source.finality(signal)).toMatchObject({ ok: true, value: { finalized: { epoch: finalized.epoch } } });
  expect(await source.rootsAt(10, signal)).toMatchObject({ ok: true, value: [] });
  expect(await source.rootsAt(11, signal)).toMatchObject({
    ok: true,
    value: [{ root: chain.headAt(11).root, isCanonical: true }],
  });
  const records = await source.validators("head", ["3", chain.validators.pubkey(5), "999"], {}, signal);
  expect(records).toMatchObject({ ok: true, value: [{ index: 3 }, { index: 5, pubkey: chain.validators.pubkey(5) }] });
  const unsteady = await source.validators("head", ["3"], { withoutStatus: "active_ongoing" }, signal);
  expect(unsteady).toMatchObject({ ok: true, value: [] });
  const everybody = await source.validators("head", undefined, {}, signal);
  expect(everybody.ok && everybody.value.length).toBe(200);
  expect(await source.committees(3, "99999", signal)).toMatchObject({ ok: false, failure: { status: 404 } });
});

test("a block's root can be computed from what a node gave, as SSZ and as JSON, and another block has another one", async () => {
  const { chain, head } = await start("minimal", "electra");
  const sizes = presets.minimal;
  const type = createBlockTypes(sizes)("electra").signedBlock;
  const signed = chain.signedBlock(head);
  const bytes = type.serialize(signed);
  expect(blockRootOf(bytes, "electra", sizes)).toBe(head.root);
  expect(blockRootOf(type.toJson(signed) as { message: unknown }, "electra", sizes)).toBe(head.root);
  bytes[120] = (bytes[120] ?? 0) ^ 1;
  expect(blockRootOf(bytes, "electra", sizes)).not.toBe(head.root);
});

test("an old client (no SSZ, no POST of ids, swapped committees, no rewards) tells the same as a new one", async () => {
  const old = await start("minimal", "capella", 200, oldQuirks);
  const { source, head, chain } = await start("minimal", "capella");
  const both = async <T>(ask: (source: HttpDutySource) => Promise<CallResult<T>>) => {
    const [one, other] = [await ask(source), await ask(old.source)];
    expect(one).toMatchObject({ ok: true });
    expect(other.ok && other.value).toEqual(one.ok && one.value);
  };
  const indices = Uint32Array.from({ length: 150 }, (_, i) => i);
  const ids = Array.from(indices, String);
  await both((of) => of.block(head.root, signal));
  for (const epoch of [0, 1, 3]) await both((of) => of.committees(epoch, String(epoch * 8), signal));
  await both((of) => of.proposers(3, signal));
  await both((of) => of.validators("head", ids, {}, signal));
  await both((of) => of.balances("head", indices, signal));
  expect(await old.source.attestationRewards(1, indices, signal)).toMatchObject({
    ok: false,
    failure: { status: 404 },
  });

  const effective = new Float64Array(indices.length).fill(32e9);
  const rewards = await source.attestationRewards(1, indices, signal, effective);
  const settled = chain.settlementOf(head, 1, 23);
  if (!rewards.ok || !settled) throw new Error("no rewards");
  expect(rewards.value.map(({ index }) => index)).toEqual([...indices]);
  for (const { index, target, ideal } of rewards.value)
    expect(target === ideal?.target).toBe((settled.flags[index]! & 2) !== 0);
  const sync = await source.syncRewards(head.root, signal);
  expect(sync.ok && [...sync.value.keys()].sort()).toEqual([...new Set(chain.syncCommittee(3))].sort());
  const reward = await source.blockReward(head.root, signal);
  expect(reward.ok && reward.value).toBeGreaterThan(0);
});
