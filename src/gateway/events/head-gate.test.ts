import { expect, test } from "vitest";
import { createHeadGate } from "./head-gate.ts";

const root = (byte: string) => `0x${byte.repeat(32)}`;
const head = (byte: string) => JSON.stringify({ slot: "7", block: root(byte) });
const headV2 = (byte: string, status: string, more = {}) =>
  JSON.stringify({ version: "gloas", data: { slot: "7", block: root(byte), payload_status: status, ...more } });
const at = (byte: string) => ({ slot: 7, root: root(byte) });

test("a head is told once, whichever of event and view comes first, and not again when another node sends it", () => {
  const gate = createHeadGate();
  expect(gate.onHeadEvent("head", head("aa"))).toBeUndefined();
  expect(gate.onView(at("aa"))).toEqual([{ topic: "head", data: head("aa") }]);
  expect(gate.onHeadEvent("head", head("aa"))).toBeUndefined();
  expect(gate.onView(at("bb"))).toEqual([]);
  expect(gate.onHeadEvent("head", head("bb"))).toBe(head("bb"));
});

test("a head of another branch is not told; when the view moves there it is, and back again", () => {
  const gate = createHeadGate();
  gate.onView(at("aa"));
  gate.onHeadEvent("head", head("aa"));
  expect(gate.onHeadEvent("head", head("bb"))).toBeUndefined();
  expect(gate.onView(at("bb"))).toEqual([{ topic: "head", data: head("bb") }]);
  expect(gate.onView(at("aa"))).toEqual([{ topic: "head", data: head("aa") }]);
});

test("a view that passed a head of which nobody was told, and came back, tells nothing again", () => {
  const gate = createHeadGate();
  gate.onView(at("aa"));
  gate.onHeadEvent("head", head("aa"));
  expect([gate.onView(at("bb")), gate.onView(at("aa"))]).toEqual([[], []]);
});

test("a view that was away and comes back to the same head tells nothing again", () => {
  const gate = createHeadGate();
  gate.onView(at("aa"));
  gate.onHeadEvent("head", head("aa"));
  expect([gate.onView(undefined), gate.onView(at("aa"))]).toEqual([[], []]);
});

test("a view that falls back to an older head for a moment is not followed; when it stays there it is", () => {
  const gate = createHeadGate();
  const older = { slot: 6, root: root("66") };
  gate.onView(older);
  gate.onHeadEvent("head", head("66"));
  gate.onView(at("77"));
  gate.onHeadEvent("head", head("77"));
  expect([gate.onView(older), gate.onHeadEvent("head", head("66")), gate.onView(at("77"))]).toEqual([
    [],
    undefined,
    [],
  ]);
  gate.onView(older);
  expect([gate.hasTold("head"), gate.onStay(), gate.onStay()]).toEqual([
    false,
    [{ topic: "head", data: head("66") }],
    [],
  ]);
});

test("trap 14: head_v2 is told again when the payload of the same block has come, and never back", () => {
  const gate = createHeadGate();
  gate.onView(at("aa"));
  expect(gate.onHeadEvent("head_v2", headV2("aa", "empty"))).toBe(headV2("aa", "empty"));
  expect(gate.onHeadEvent("head_v2", headV2("aa", "empty"))).toBeUndefined();
  expect(gate.onHeadEvent("head_v2", headV2("aa", "full"))).toBe(headV2("aa", "full"));
  expect(gate.onHeadEvent("head_v2", headV2("aa", "empty"))).toBeUndefined();
  gate.onHeadEvent("head_v2", headV2("bb", "empty"));
  gate.onView(at("bb"));
  expect(gate.onView(at("aa"))).toEqual([{ topic: "head_v2", data: headV2("aa", "full") }]);
});

test("an optimistic head is held back in both forms, until a node has verified it", () => {
  const gate = createHeadGate();
  gate.onView(at("aa"));
  const optimistic = JSON.stringify({ slot: "7", block: root("aa"), execution_optimistic: true });
  expect(gate.onHeadEvent("head", optimistic)).toBeUndefined();
  expect(gate.onHeadEvent("head_v2", headV2("aa", "full", { execution_optimistic: true }))).toBeUndefined();
  expect(gate.onHeadEvent("head", head("aa"))).toBe(head("aa"));
});

test.each(["", "null", "[]", "{}", '{"block":7}', '{"data":null,"block":', "{".repeat(1_000)])(
  "%s is passed over",
  (data) => {
    const gate = createHeadGate();
    gate.onView(at("aa"));
    expect(gate.onHeadEvent("head", data)).toBeUndefined();
  },
);

test("a node that invents heads pushes out the oldest, not the memory", () => {
  const gate = createHeadGate(2);
  for (const byte of ["01", "02", "03"]) gate.onHeadEvent("head", head(byte));
  expect(gate.onView(at("01"))).toEqual([]);
  expect(gate.onView(at("03"))).toHaveLength(1);
});
