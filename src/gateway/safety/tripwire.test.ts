import { beforeEach, expect, test } from "vitest";
import type { TripwireRefusal } from "../../control/types.ts";
import { createFakeClock, type FakeClock } from "../../lib/fake-clock.ts";
import { fakeNetwork } from "../testing/fake-upstream.ts";
import type { Vote } from "./vote.ts";
import { readSignedBlock, type SignedBlock } from "./signed-block.ts";
import { createTripwire, type Tripwire } from "./tripwire.ts";

let clock: FakeClock;
let refusals: TripwireRefusal[];
let tripwire: Tripwire;

function make(bounds: { maxVotes?: number; maxBlocks?: number } = {}): Tripwire {
  const network = fakeNetwork(clock.now());
  return createTripwire({ clock, network: () => network, onRefused: (refusal) => refusals.push(refusal), ...bounds });
}

beforeEach(() => {
  clock = createFakeClock();
  refusals = [];
  tripwire = make();
});

function vote(validator: number, source: number, target: number, root = "r"): Vote {
  return {
    signers: [validator],
    validatorIndex: validator,
    slot: target * 32,
    sourceEpoch: source,
    targetEpoch: target,
    data: `${source} ${target} ${root}`,
  };
}

const check = (...votes: (Vote | undefined)[]) => [
  ...tripwire.checkVotes({ votes, without: () => Buffer.alloc(0) }, "vc-1"),
];

test("a second, different vote for one target is refused; the same vote passes as often as it comes", () => {
  expect(check(vote(1, 9, 10))).toEqual([]);
  expect(check(vote(1, 9, 10))).toEqual([]);
  expect(check(vote(1, 9, 10, "other"))).toEqual([[0, "double-vote"]]);
  expect(refusals).toEqual([{ at: clock.now(), kind: "double-vote", validatorIndex: 1, slot: 320, client: "vc-1" }]);
  expect(check(vote(1, 9, 10))).toEqual([]);
});

test("in one body only the slashable item is refused, and what cannot be read passes", () => {
  expect(check(vote(1, 9, 10), undefined, vote(2, 9, 10), vote(1, 8, 10), vote(3, 9, 10))).toEqual([
    [3, "double-vote"],
  ]);
});

test("a vote that surrounds an earlier one, or is surrounded by it, is refused", () => {
  check(vote(1, 7, 9), vote(2, 5, 11));
  expect(check(vote(1, 6, 10))).toEqual([[0, "surround-vote"]]);
  expect(check(vote(2, 6, 10))).toEqual([[0, "surround-vote"]]);
  expect(check(vote(1, 7, 10), vote(2, 11, 12))).toEqual([]);
});

test("positions in a committee are followed for one target only", () => {
  const byPlace = (source: number, target: number, root = "r"): Vote => ({
    ...vote(0, source, target, root),
    signers: ["320/6/2"],
    validatorIndex: undefined,
  });
  check(byPlace(7, 9));
  expect(check(byPlace(6, 10))).toEqual([]);
  expect(check(byPlace(7, 9, "other"))).toEqual([[0, "double-vote"]]);
});

test("it is remembered for two epochs", async () => {
  check(vote(1, 9, 10));
  await clock.advance(2 * 32 * 12_000);
  expect(check(vote(1, 9, 10, "other"))).toEqual([[0, "double-vote"]]);
  await clock.advance(2 * 32 * 12_000 + 1);
  expect(check(vote(1, 9, 10, "third"))).toEqual([]);
});

test("memory is bounded: beyond it messages pass unseen", () => {
  tripwire = make({ maxVotes: 1 });
  check(vote(1, 9, 10), vote(2, 9, 10));
  expect(check(vote(1, 9, 10, "x"), vote(2, 9, 10, "x"))).toEqual([[0, "double-vote"]]);
});

const signed = (change: Record<string, unknown> = {}, signature = "0xAA", wrap = false): SignedBlock => {
  const message = {
    slot: "77",
    proposer_index: "4",
    parent_root: "0x01",
    state_root: "0x02",
    body: { graffiti: "0x00" },
    ...change,
  };
  const block = { message, signature };
  const read = readSignedBlock(
    Buffer.from(JSON.stringify(wrap ? { signed_block: block, blobs: [] } : block)),
    "application/json",
  );
  expect(read).toBeDefined();
  return read as SignedBlock;
};

test("a second block of one proposer for one slot is refused, the same one passes in any form", () => {
  expect(tripwire.checkBlock(signed(), "vc-1")).toBe(false);
  expect(tripwire.checkBlock(signed({}, "0xaa", true), "vc-1")).toBe(false);
  expect(tripwire.checkBlock(signed({ body: { execution_payload_header: {} } }), "vc-1")).toBe(false);
  for (const other of [signed({}, "0xbb"), signed({ parent_root: "0x09" }), signed({ body: { graffiti: "0x01" } })])
    expect(tripwire.checkBlock(other, "vc-2")).toBe(true);
  expect(refusals).toHaveLength(3);
  expect(refusals[0]).toMatchObject({ kind: "double-proposal", validatorIndex: 4, slot: 77, client: "vc-2" });
});

test("another slot and another proposer are other blocks, and blocks are bounded too", () => {
  tripwire = make({ maxBlocks: 2 });
  for (const slot of ["1", "2", "3", "4"]) expect(tripwire.checkBlock(signed({ slot }), "vc-1")).toBe(false);
  expect(tripwire.checkBlock(signed({ slot: "4", proposer_index: "5", parent_root: "0x09" }), "vc-1")).toBe(false);
  expect(tripwire.checkBlock(signed({ slot: "4", parent_root: "0x09" }), "vc-1")).toBe(true);
  expect(tripwire.checkBlock(signed({ slot: "1", parent_root: "0x09" }), "vc-1")).toBe(false);
});

test("what is no signed block is not read", () => {
  for (const text of ["", "null", "{}", '{"message":{}}', '{"signed_block":null}', "[1]"])
    expect(readSignedBlock(Buffer.from(text), "application/json")).toBeUndefined();
  for (const length of [0, 10, 199, 400])
    expect(readSignedBlock(Buffer.alloc(length), "application/octet-stream")).toBeUndefined();
});
