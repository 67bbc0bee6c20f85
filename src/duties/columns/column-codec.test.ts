import fc from "fast-check";
import { expect, test } from "vitest";
import { dutyBits, type EpochColumns } from "../types.ts";
import { columnCodec, type BalanceBase } from "./column-codec.ts";

const perfect =
  dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget | dutyBits.timelyHead;

/** Mostly like on a chain, with anything at all in between. */
const validator = fc.record({
  duty: fc.oneof({ weight: 8, arbitrary: fc.constant(perfect) }, fc.integer({ min: 0, max: 255 })),
  delay: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(1, 2) }, fc.constantFrom(0, 255, 37)),
  emptySlots: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(1, 255)),
  effectiveBalance: fc.oneof({ weight: 6, arbitrary: fc.constant(32) }, fc.constantFrom(0, 1, 33, 2_048, 65_535)),
  balance: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 32_000_000_000, max: 32_020_000_000 }) },
    fc.constantFrom(Number.NaN, 0, 1, 2 ** 52 - 1, 2_048_000_000_000),
  ),
  earned: fc.oneof({ weight: 6, arbitrary: fc.constant(9_650) }, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  ideal: fc.oneof({ weight: 6, arbitrary: fc.constant(9_650) }, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
});
const indexSet = (maxLength: number) =>
  fc
    .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 0xffff_ffff })), { maxLength })
    .map((indices) => Uint32Array.from(indices).sort());
const epoch = indexSet(200).chain((indices) =>
  fc.array(validator, { minLength: indices.length, maxLength: indices.length }).map((all) => columnsOf(indices, all)),
);

interface One {
  duty: number;
  delay: number;
  emptySlots: number;
  effectiveBalance: number;
  balance: number;
  earned: number;
  ideal: number;
}

function columnsOf(indices: Uint32Array, all: readonly One[]): EpochColumns {
  return {
    indices,
    duty: Uint8Array.from(all, ({ duty }) => duty),
    delay: Uint8Array.from(all, ({ delay }) => delay),
    emptySlots: Uint8Array.from(all, ({ emptySlots }) => emptySlots),
    effectiveBalance: Uint16Array.from(all, ({ effectiveBalance }) => effectiveBalance),
    balance: Float64Array.from(all, ({ balance }) => balance),
    earned: Int32Array.from(all, ({ earned }) => earned),
    ideal: Int32Array.from(all, ({ ideal }) => ideal),
  };
}

const one = (changes: Partial<One> = {}): One => ({
  ...{
    duty: perfect,
    delay: 1,
    emptySlots: 0,
    effectiveBalance: 32,
    balance: 32_000_000_000,
    earned: 9_650,
    ideal: 9_650,
  },
  ...changes,
});
const many = (count: number, changes: Partial<One> = {}) =>
  columnsOf(
    Uint32Array.from({ length: count }, (_, i) => i * 7),
    Array.from({ length: count }, () => one(changes)),
  );

test("any columns come back exactly, with and without a base of any other set", () => {
  fc.assert(
    fc.property(epoch, fc.option(epoch, { nil: undefined }), (columns, earlier) => {
      const { indices } = columns;
      expect(columnCodec.unpackIndices(columnCodec.packIndices(indices), 7)).toEqual(indices);
      const base: BalanceBase | undefined =
        earlier && columnCodec.unpackBase(columnCodec.packBase(earlier), 6, earlier.indices);
      if (earlier && base) {
        expect(base.balance).toEqual(earlier.balance);
        expect(base.effectiveBalance).toEqual(earlier.effectiveBalance);
      }
      expect(columnCodec.unpack(columnCodec.pack(columns, base), 7, indices, base)).toEqual(columns);
    }),
    { numRuns: 400 },
  );
});

test("no changed byte is read as other columns: it is named with its epoch", () => {
  fc.assert(
    fc.property(epoch, fc.nat(), fc.integer({ min: 1, max: 255 }), (columns, at, flip) => {
      const bytes = columnCodec.pack(columns, undefined);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ flip;
      try {
        // A bit that inflating ignores (after the last block) changes nothing; everything else has to be found.
        expect(columnCodec.unpack(bytes, 4_711, columns.indices, undefined)).toEqual(columns);
      } catch (error) {
        expect(error).toMatchObject({
          code: "duty-columns-damaged",
          message: expect.stringContaining("epoch 4711") as string,
        });
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  ["nothing", () => new Uint8Array(0)],
  ["the first half", (whole: Uint8Array) => whole.subarray(0, whole.length / 2)],
  ["another format", (whole: Uint8Array) => Uint8Array.from(whole, (byte, i) => (i === 0 ? 9 : byte))],
  ["a length of gigabytes", (whole: Uint8Array) => Uint8Array.from(whole, (byte, i) => (i > 0 && i < 5 ? 255 : byte))],
])("%s instead of an epoch is refused", (_, damage) => {
  const columns = many(50);
  const damaged = damage(columnCodec.pack(columns, undefined));
  expect(() => columnCodec.unpack(damaged, 12, columns.indices, undefined)).toThrow(/epoch 12 .*damaged/);
});

test("another set of the same size, another base or none are noticed", () => {
  const columns = many(50);
  const base = columnCodec.unpackBase(columnCodec.packBase(many(50, { balance: 31_000_000_000 })), 1, columns.indices);
  const bytes = columnCodec.pack(columns, base);
  expect(columnCodec.unpack(bytes, 2, columns.indices, base)).toEqual(columns);
  const others = columns.indices.map((index) => index + 1);
  expect(() => columnCodec.unpack(bytes, 2, others, base)).toThrow(/epoch 2 /);
  expect(() => columnCodec.unpack(bytes, 2, columns.indices, undefined)).toThrow(/epoch 2 /);
  const wrong = { ...base, balance: base.balance.map((value) => value + 1) };
  expect(() => columnCodec.unpack(bytes, 2, columns.indices, wrong)).toThrow(/epoch 2 /);
});

test("what is no column is refused before it is stored", () => {
  const columns = many(3);
  const refused = (changes: Partial<EpochColumns>, words: RegExp) => {
    expect(() => columnCodec.pack({ ...columns, ...changes }, undefined)).toThrow(words);
  };
  refused({ delay: new Uint8Array(2) }, /delay has 2 entries for 3 validators/);
  refused({ balance: Float64Array.of(1, 2.5, 3) }, /balance of 2.5/);
  refused({ balance: Float64Array.of(1, -2, 3) }, /balance of -2/);
  refused({ balance: Float64Array.of(1, Infinity, 3) }, /balance of Infinity/);
  expect(() => columnCodec.packIndices(Uint32Array.of(5, 5))).toThrow(/index 5 comes after 5/);
});

test("perfect epochs of a hundred thousand validators cost next to nothing", () => {
  const columns = many(100_000);
  const base = columnCodec.unpackBase(columnCodec.packBase(columns), 1, columns.indices);
  const later = { ...columns, balance: columns.balance.map((value) => value + 9_650) };
  expect(columnCodec.pack(later, base).length).toBeLessThan(100);
});
