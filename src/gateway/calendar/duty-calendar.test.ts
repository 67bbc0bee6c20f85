import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../lib/fake-clock.ts";
import type { Network } from "../../upstream/types.ts";
import { fakeNetwork } from "../testing/fake-upstream.ts";
import { readReplayItems, type ReplayKind } from "../replay/replay-items.ts";
import { createDutyCalendar, type LearningCalendar } from "./duty-calendar.ts";

const slotMs = 12_000;
/** The clock starts with slot 32,000, the first of epoch 1,000. */
const startSlot = 32_000;

let clock: FakeClock;
let network: Network | undefined;
let ready: string[];
let leases: Map<string, number[]>;
let calendar: LearningCalendar;

beforeEach(() => {
  clock = createFakeClock();
  network = fakeNetwork(clock.now());
  ready = ["a", "b"];
  leases = new Map();
  calendar = createCalendar();
});

function createCalendar(maxValidators = 1_000): LearningCalendar {
  return createDutyCalendar({
    ...{ clock, network: () => network, ready: () => ready, maxValidators },
    openLeases: (node) => leases.get(node) ?? [],
    inFlight: () => 0,
  });
}

function answer(duties: readonly [slot: number, validatorIndex: number][], root = "0x01"): Buffer {
  const data = duties.map(([slot, index]) => ({ pubkey: "0x", validator_index: String(index), slot: String(slot) }));
  return Buffer.from(JSON.stringify({ dependent_root: root, execution_optimistic: false, data }));
}

const prepare = (...indices: number[]) => calendar.learnItems(indices.map((validatorIndex) => ({ validatorIndex })));

test("only proposals of validators that clients of this group named are ours, next first", () => {
  calendar.learnProposers(
    "1000",
    answer([
      [32_009, 7],
      [32_003, 8],
      [32_005, 9],
    ]),
  );
  calendar.learnProposers("1001", answer([[32_032, 7]]));
  prepare(7);
  calendar.learnAsked(Buffer.from('["8", "123"]'));
  expect(calendar.proposals()).toEqual([
    { slot: 32_003, validatorIndex: 8 },
    { slot: 32_009, validatorIndex: 7 },
    { slot: 32_032, validatorIndex: 7 },
  ]);
});

test("subscriptions name validators too; registrations name keys and are no index", () => {
  calendar.learnProposers(
    "1000",
    answer([
      [32_003, 5],
      [32_004, 6],
      [32_005, 0],
    ]),
  );
  const itemsOf = (kind: ReplayKind, item: unknown) =>
    readReplayItems(kind, Buffer.from(JSON.stringify([item])), "application/json") ?? [];
  const committee = { committee_index: "3", committees_at_slot: "64", slot: "32001", is_aggregator: false };
  const message = {
    fee_recipient: `0x${"11".repeat(20)}`,
    gas_limit: "1",
    timestamp: "1",
    pubkey: `0x${"ab".repeat(48)}`,
  };
  const all = [
    itemsOf("committee-subscriptions", { validator_index: "5", ...committee }),
    itemsOf("sync-subscriptions", { validator_index: "6", sync_committee_indices: ["1"], until_epoch: "1024" }),
    itemsOf("registrations", { message, signature: "0x" }),
  ];
  expect(all.map(({ length }) => length)).toEqual([1, 1, 1]);
  for (const items of all) calendar.learnItems(items);
  expect(calendar.proposals().map(({ validatorIndex }) => validatorIndex)).toEqual([5, 6]);
});

test("what has passed is forgotten, and a validator whose client went away is no longer ours", async () => {
  prepare(7);
  calendar.learnProposers("1000", answer([[32_003, 7]]));
  await clock.advance(4 * slotMs);
  expect(calendar.proposals()).toEqual([]);
  await clock.advance(3 * 32 * slotMs);
  calendar.learnProposers("1003", answer([[32_110, 7]]));
  expect(calendar.proposals()).toEqual([]);
  prepare(7);
  expect(calendar.proposals()).toEqual([{ slot: 32_110, validatorIndex: 7 }]);
});

test("the newest answer of an epoch counts: a reorg may have changed who proposes", () => {
  prepare(7, 8);
  calendar.learnProposers("1000", answer([[32_003, 7]]));
  calendar.learnProposers("1000", answer([[32_003, 8]], "0x02"));
  expect(calendar.proposals()).toEqual([{ slot: 32_003, validatorIndex: 8 }]);
});

test.each([
  ["no JSON", Buffer.from("<html>")],
  ["another shape", Buffer.from('{"data":{"slot":"32003"}}')],
  ["a slot of another epoch", answer([[99, 7]])],
  ["null for a duty", Buffer.from('{"data":[null]}')],
  ["a slot that is no number", Buffer.from('{"data":[{"slot":"-1","validator_index":"7"}]}')],
])("%s changes nothing", (_name, body) => {
  prepare(7);
  calendar.learnProposers("1000", answer([[32_003, 7]]));
  calendar.learnProposers("1000", body);
  expect(calendar.proposals()).toHaveLength(1);
});

test.each(["999", "1002", "18446744073709551615", "head", ""])("epoch %s is not kept", (epoch) => {
  prepare(7);
  calendar.learnProposers(epoch, answer([]));
  expect(calendar.drainWaits("a")).toMatchObject([{ kind: "proposal" }]);
});

test("just after a start nobody has asked who proposes: a drain waits two slots, or until somebody asks", async () => {
  prepare(7);
  expect(calendar.drainWaits("a")).toEqual([
    {
      kind: "proposal",
      detail: "no validator client has asked yet who proposes in epoch 1000",
      untilAt: clock.now() + 2 * slotMs,
    },
  ]);
  calendar.learnProposers("1000", answer([]));
  expect(calendar.drainWaits("a")).toEqual([]);
  calendar = createCalendar();
  prepare(7);
  await clock.advance(2 * slotMs);
  expect(calendar.drainWaits("a")).toEqual([]);
});

test("at the end of an epoch the next one's proposers must be known as well", async () => {
  prepare(7);
  calendar.learnProposers("1000", answer([]));
  await clock.advance(30 * slotMs);
  expect(calendar.drainWaits("a")).toMatchObject([{ detail: expect.stringContaining("epoch 1001") as string }]);
  calendar.learnProposers("1001", answer([[startSlot + 32, 7]]));
  expect(calendar.drainWaits("a")).toMatchObject([{ detail: expect.stringContaining("slot 32032") as string }]);
});

test("a group whose clients named no validator has no proposal to wait for", () => {
  expect(calendar.drainWaits("a")).toEqual([]);
});

test("a node that does not serve now counts the ready ones as others", () => {
  ready = ["b"];
  expect(calendar.drainWaits("a")).toEqual([]);
  expect(calendar.drainWaits("b")).toMatchObject([{ kind: "last-ready-node" }]);
});

test("what a node built is waited for at that node alone", () => {
  leases.set("a", [startSlot]);
  expect(calendar.drainWaits("a")).toMatchObject([{ kind: "creator-lease" }]);
  expect(calendar.drainWaits("b")).toEqual([]);
});

test("before the network is known nothing is learnt, and nothing fails", () => {
  network = undefined;
  calendar.learnProposers("1000", answer([[32_003, 7]]));
  prepare(7);
  expect(calendar.proposals()).toEqual([]);
  expect(calendar.drainWaits("a")).toEqual([]);
});

test("memory is bounded: beyond it validators that were named first are forgotten", () => {
  calendar = createCalendar(2);
  calendar.learnProposers(
    "1000",
    answer([
      [32_001, 1],
      [32_002, 2],
      [32_003, 3],
    ]),
  );
  prepare(1, 2, 3);
  expect(calendar.proposals().map(({ validatorIndex }) => validatorIndex)).toEqual([2, 3]);
});
