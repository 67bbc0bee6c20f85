import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../lib/fake-clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { unknownCause } from "../judge/lost-duty.ts";
import { createFakeChain, pubkeyOf, type FakeChain } from "../testing/fake-chain.ts";
import { createMemoryDutyStore, type MemoryDutyStore } from "../testing/memory-duty-store.ts";
import { dutyBits, type ValidatorRecord } from "../types.ts";
import { followDuties, type DutyFollower } from "./follow-duties.ts";
import type { WatchedSet } from "./judge-from-chain.ts";

const slotMs = 12_000;
const genesisTimeMs = 1_700_000_000_000;
const watchedFive: WatchedSet = { indices: Uint32Array.of(1, 5, 9, 20, 31), cohorts: [], policyOf: () => undefined };

describe("following duties", () => {
  let clock: FakeClock;
  let chain: FakeChain;
  let store: MemoryDutyStore;
  let follower: DutyFollower | undefined;
  let watched: WatchedSet;
  let learnt: ValidatorRecord[];
  let keys: string[];

  beforeEach(() => {
    clock = createFakeClock(genesisTimeMs);
    chain = createFakeChain();
    store = createMemoryDutyStore();
    watched = watchedFive;
    learnt = [];
    keys = [];
  });
  afterEach(async () => {
    await follower?.stop();
    follower = undefined;
  });

  async function start(maxBackfillEpochs = 100): Promise<DutyFollower> {
    follower = await followDuties({
      ...{ source: chain.source, store, spec: chain.spec, clock, log: silentLogger, maxBackfillEpochs },
      timing: { spec: { slotDurationMs: slotMs, slotsPerEpoch: 8 }, genesis: { genesisTimeMs } },
      watched: () => watched,
      causesOf: () => unknownCause,
      unresolvedKeys: () => keys,
      learn: (records) => void learnt.push(...records),
      onStored: () => undefined,
      onChange: () => undefined,
    });
    return follower;
  }

  /** Time passes slot by slot, each with its block unless it is among the empty ones. */
  async function live(
    toSlot: number,
    options: { empty?: readonly number[]; absent?: readonly number[] } = {},
  ): Promise<void> {
    for (;;) {
      const slot = Math.floor((clock.now() - genesisTimeMs) / slotMs);
      if (slot >= toSlot) return;
      await clock.advance(genesisTimeMs + (slot + 1) * slotMs - clock.now());
      if (slot + 1 > chain.head.slot) chain.grow(slot + 1, options);
      chain.finalizedEpoch = Math.max(chain.finalizedEpoch, Math.floor((slot + 1) / 8) - 2);
      await clock.advance(slotMs - 1);
      await turns();
    }
  }

  /** Promise chains of many calls need more turns than a fake clock waits for. */
  async function turns(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  test("each epoch is judged when the next has ended, and is final once the chain is", async () => {
    await start();
    await live(40);
    expect(store.saved.filter(({ state }) => state === "provisional").map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(store.saved.filter(({ state }) => state === "final").map(({ epoch }) => epoch)).toEqual([0, 1]);
    const perfect =
      dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget | dutyBits.timelyHead;
    for (const [epoch, { columns }] of store.results)
      if (epoch > 0) expect([...columns.duty]).toEqual(Array(5).fill(perfect));
    expect(follower?.state()).toMatchObject({
      kind: "following",
      headSlot: 40,
      cursor: { provisionalEpoch: 3, finalEpoch: 1 },
    });
    expect(follower?.state().live).toHaveLength(8);
  });

  test("a validator that does not attest is missed, and only it", async () => {
    await start();
    await live(40, { absent: [9] });
    const result = store.results.get(2);
    expect(result?.exceptions.map(({ validatorIndex, outcome }) => [validatorIndex, outcome])).toEqual([[9, "missed"]]);
    expect(result?.network.included).toBe(31);
  });

  test("killed before any save and started again, it stores what an undisturbed one stores, each epoch once", async () => {
    const undisturbed = createMemoryDutyStore();
    const disturbed = store;
    store = undisturbed;
    await start();
    await live(64, { absent: [5] });
    await follower?.stop();
    const expected = [...undisturbed.results].sort(([a], [b]) => a - b);

    clock = createFakeClock(genesisTimeMs);
    const sameChain = chain;
    store = disturbed;
    chain = createFakeChain();
    for (let slot = 0; slot < 62; slot += 3) {
      await start();
      await live(slot, { absent: [5] });
      disturbed.dieAtNextSave = slot % 2 === 0;
      await live(slot + 2, { absent: [5] });
      await follower?.stop();
      disturbed.dieAtNextSave = false;
    }
    await start();
    await live(64, { absent: [5] });
    await live(64);
    expect(chain.head).toEqual(sameChain.head);
    const stripped = (entries: typeof expected) => entries.map(([epoch, { judgedAt: _, ...rest }]) => [epoch, rest]);
    expect(stripped([...disturbed.results].sort(([a], [b]) => a - b))).toEqual(stripped(expected));
    expect(await disturbed.gaps(0, 99)).toEqual([]);
    expect(await disturbed.cursor()).toEqual(await undisturbed.cursor());
  });

  test("a pause is read back; what no node holds any more becomes a gap, and judging goes on after it", async () => {
    await start();
    await live(32);
    await follower?.stop();
    chain.grow(159);
    await clock.advance(genesisTimeMs + 159 * slotMs - clock.now());
    chain.finalizedEpoch = 17;
    chain.broken.set("committees 5", { kind: "status", status: 404, message: "state not found" });
    await start();
    await live(176);
    expect(await store.gaps(0, 99)).toMatchObject([{ fromEpoch: 5, toEpoch: 5, reason: "state-pruned" }]);
    expect([...store.results.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, ...range(6, 20)]);
    expect((await store.cursor())?.finalEpoch).toBe(18);
  });

  test("a pause longer than it reads back leaves a gap that says so", async () => {
    await start();
    await live(32);
    await follower?.stop();
    chain.grow(400);
    await clock.advance(genesisTimeMs + 400 * slotMs - clock.now());
    await start(10);
    await live(408);
    expect(await store.gaps(0, 99)).toMatchObject([{ fromEpoch: 3, toEpoch: 38, reason: "too-far-behind" }]);
    expect(Math.max(...store.results.keys())).toBe(49);
  });

  test("a reorg judges again what it touches", async () => {
    await start();
    await live(33);
    expect(store.results.get(2)?.exceptions).toEqual([]);
    chain.head = { slot: 30, root: await rootsBelow(30) };
    for (let slot = 31; slot <= 34; slot++) chain.add(slot, { tag: "other", absent: [1, 5, 9, 20, 31] });
    await live(40);
    expect(store.saved.filter(({ epoch }) => epoch === 2).length).toBeGreaterThan(1);
    const roots = [...store.results.values()].map(({ epoch, headRoot }) => [epoch, headRoot]);
    expect(roots).toEqual(
      await Promise.all([...store.results.keys()].map(async (epoch) => [epoch, await rootsBelow((epoch + 2) * 8 - 1)])),
    );
  });

  test("what was judged on a branch that lost while the monitor was down is judged again after the start", async () => {
    await start();
    await live(33);
    await follower?.stop();
    chain.head = { slot: 30, root: await rootsBelow(30) };
    for (let slot = 31; slot <= 34; slot++) chain.add(slot, { tag: "other" });
    await start();
    await live(36);
    expect(store.results.get(2)?.headRoot).toBe(await rootsBelow(31));
  });

  test("a node that fails is said, and nothing is judged on half an answer", async () => {
    await start();
    await live(20);
    chain.broken.set("committees", { kind: "timeout", message: "committees of bn1: no answer within 5 s" });
    await live(40);
    expect(follower?.state()).toMatchObject({ kind: "stalled", detail: "committees of bn1: no answer within 5 s" });
    expect(Math.max(...store.results.keys())).toBe(2);
    chain.broken.clear();
    await live(42);
    expect(follower?.state().kind).toBe("following");
    expect([...store.results.keys()]).toEqual([0, 1, 2, 3]);
  });

  test("a head that stands still is not taken for misses", async () => {
    await start();
    await live(25);
    chain.broken.set("head", { kind: "refused", message: "connection refused" });
    await live(60);
    expect(Math.max(...store.results.keys())).toBe(1);
    expect(follower?.state().kind).toBe("stalled");
  });

  test("without finality it goes on: provisional numbers on time, for as long as it takes", async () => {
    await start();
    for (let slot = 1; slot <= 400; slot += 1) {
      await clock.advance(genesisTimeMs + slot * slotMs - clock.now());
      chain.grow(slot, { absent: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] });
      await clock.advance(slotMs - 1);
      await turns();
    }
    expect((await store.cursor())?.provisionalEpoch).toBe(48);
    expect(store.saved.every(({ state }) => state === "provisional")).toBe(true);
    chain.finalizedEpoch = 47;
    await live(405);
    expect((await store.cursor())?.finalEpoch).toBe(46);
  });

  test("epochs that are not judged yet are told as far as three blocks settle them", async () => {
    const { open } = await start();
    await live(22, { absent: [9], empty: [20] });
    const told = open().map(({ epoch, indices, duty, own, network }) => ({
      ...{ epoch, own, network },
      lost: Array.from(indices).filter((_, at) => duty[at] === dutyBits.assigned),
      asked: Array.from(indices).filter((_, at) => duty[at] !== 0),
    }));
    const sums = (assigned: number, lost: number) => ({
      assigned,
      included: assigned - lost,
      timelyTarget: assigned - lost,
    });
    expect(told).toEqual([
      { epoch: 1, lost: [9], asked: [1, 5, 9, 20, 31], own: sums(5, 1), network: sums(32, 1) },
      // Of epoch 2 the blocks of slots 19, 21 and 22 settle slots 16 to 18: the duties of validators 6 to 17.
      { epoch: 2, lost: [9], asked: [9], own: sums(1, 1), network: sums(12, 1) },
    ]);
  });

  test("keys without an index are looked up, and a change of the watched set holds from then on", async () => {
    keys = [pubkeyOf(7)];
    await start();
    await live(1);
    expect(learnt.map(({ index }) => index)).toContain(7);
    keys = [];
    await live(20);
    watched = { ...watchedFive, indices: Uint32Array.of(7, 8) };
    await live(40);
    expect([...(store.results.get(0)?.columns.indices ?? [])]).toEqual([1, 5, 9, 20, 31]);
    expect([...(store.results.get(3)?.columns.indices ?? [])]).toEqual([7, 8]);
  });

  async function rootsBelow(slot: number): Promise<string> {
    for (let at = slot; ; at--) {
      const read = await chain.source.rootsAt(at, new AbortController().signal);
      const found = read.ok ? read.value.find(({ isCanonical }) => isCanonical) : undefined;
      if (found) return found.root;
    }
  }
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
