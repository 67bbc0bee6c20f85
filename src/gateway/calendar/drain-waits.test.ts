import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clearSlots, decideDrainWaits, type DrainFacts } from "./drain-waits.ts";

const slotMs = 12_000;
const chain = { spec: { slotDurationMs: slotMs, slotsPerEpoch: 32 }, genesis: { genesisTimeMs: 0 } };
/** Three seconds into slot 100. */
const now = 100 * slotMs + 3_000;

const free: DrainFacts = {
  node: "bn1",
  chain,
  proposals: [],
  unknownEpoch: undefined,
  openLeases: [],
  inFlight: 0,
  otherReady: 1,
};
const waits = (changes: Partial<DrainFacts>) => decideDrainWaits({ ...free, ...changes }, now);
const proposal = (slot: number, validatorIndex = 7) => ({ slot, validatorIndex });

test("a node that nothing depends on may go", () => {
  expect(waits({})).toEqual([]);
});

test("the last ready node waits for another one, whatever else is free", () => {
  expect(waits({ otherReady: 0 })).toEqual([
    {
      kind: "last-ready-node",
      detail: "no other beacon node of the group is ready; bn1 serves on until one is",
      untilAt: undefined,
    },
  ]);
});

test("a block that only this node can publish is waited for, at most until its slot has gone", () => {
  expect(waits({ openLeases: [99, 100] })).toEqual([
    {
      kind: "creator-lease",
      detail: "the block of slot 100 was built here and is not published yet",
      untilAt: 101 * slotMs,
    },
  ]);
});

describe("a proposal of our own", () => {
  test.each([100, 101, 102])("in slot %i is too near: the wait ends when its slot has gone", (slot) => {
    expect(waits({ proposals: [proposal(slot)] })).toMatchObject([
      { kind: "proposal", detail: expect.stringContaining(`validator 7 proposes in slot ${slot}`) as string },
    ]);
    expect(waits({ proposals: [proposal(slot)] })[0]?.untilAt).toBe((slot + 1) * slotMs);
  });

  test("three slots away leaves time enough", () => {
    expect(waits({ proposals: [proposal(100 + clearSlots + 1)] })).toEqual([]);
  });

  test("followed by another one before the window is clear: the later one ends the wait", () => {
    const list = [proposal(101), proposal(103), proposal(107)];
    expect(waits({ proposals: list })[0]?.untilAt).toBe(104 * slotMs);
  });
});

test("while nobody has asked who proposes, nothing is known to be clear", () => {
  const unknownEpoch = { epoch: 3, untilAt: now + 1 };
  expect(waits({ unknownEpoch })).toMatchObject([{ kind: "proposal", untilAt: now + 1 }]);
  expect(waits({ unknownEpoch: { epoch: 3, untilAt: now } })).toEqual([]);
});

test("requests under way are waited for", () => {
  expect(waits({ inFlight: 1 })).toMatchObject([{ kind: "in-flight", detail: "1 request to it is under way" }]);
  expect(waits({ inFlight: 2 })).toMatchObject([{ kind: "in-flight", detail: "2 requests to it are under way" }]);
});

test("before the network is known there are no slots to wait for", () => {
  expect(waits({ chain: undefined, proposals: [proposal(100)], openLeases: [100] })).toEqual([]);
});

test("whatever the proposals, the promised end of the wait is clear of them", () => {
  const slots = fc.uniqueArray(fc.integer({ min: 95, max: 130 }), { maxLength: 20 });
  fc.assert(
    fc.property(slots, (list) => {
      const proposals = list.sort((a, b) => a - b).map((slot) => proposal(slot));
      const [wait] = waits({ proposals });
      const isNear = proposals.some(({ slot }) => slot >= 100 && slot <= 100 + clearSlots);
      expect(wait !== undefined).toBe(isNear);
      if (wait?.untilAt !== undefined)
        expect(
          decideDrainWaits({ ...free, proposals }, wait.untilAt).filter(({ kind }) => kind === "proposal"),
        ).toEqual([]);
    }),
  );
});
