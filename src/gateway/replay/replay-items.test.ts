import fc from "fast-check";
import { expect, test } from "vitest";
import { readReplayItems, type ReplayKind } from "./replay-items.ts";

const json = "application/json";
const read = (kind: ReplayKind, text: string) => readReplayItems(kind, Buffer.from(text), json);
const uint = fc.nat(20_000_000).map(String);
const preparation = fc.record({
  validator_index: uint,
  fee_recipient: fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
});
const subscription = fc.record({
  validator_index: uint,
  committee_index: uint,
  committees_at_slot: uint,
  slot: uint,
  is_aggregator: fc.boolean(),
});

test.each([
  ["preparations", preparation],
  ["committee-subscriptions", subscription],
] as const)("%s as clients write them are read as in any other spelling", (kind, item) => {
  fc.assert(
    fc.property(fc.array(item as fc.Arbitrary<object>, { minLength: 1, maxLength: 8 }), (items) => {
      const usual = read(kind, JSON.stringify(items));
      const turned = items.map((one) => Object.fromEntries(Object.entries(one).reverse()));
      for (const other of [read(kind, JSON.stringify(items, null, 2)), read(kind, JSON.stringify(turned))]) {
        expect(other?.map(({ json: _json, ...rest }) => rest)).toEqual(usual?.map(({ json: _json, ...rest }) => rest));
        expect(other?.map((one) => JSON.parse(one.json) as unknown)).toEqual(items);
      }
      expect(usual?.map((one) => one.json)).toEqual(items.map((one) => JSON.stringify(one)));
    }),
  );
});

const one = `{"validator_index":"7","fee_recipient":"0x${"aB".repeat(20)}"}`;
test.each([
  ["something behind the list", `[${one}]x`],
  ["an open list", `[${one}`],
  ["a comma too many", `[${one},]`],
  ["a short recipient", `[${one.replace("aB", "")}]`],
  ["no list", one],
])("%s is not understood", (_what, text) => {
  expect(read("preparations", text)).toBeUndefined();
});

test("an empty list is understood", () => {
  expect(read("preparations", "[]")).toEqual([]);
});
