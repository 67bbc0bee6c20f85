import fc from "fast-check";
import { expect, test } from "vitest";
import { readTransfer } from "./read-transfer.ts";

type Item = Uint8Array | readonly Item[];

/** RLP as the Yellow Paper defines it, for tests: appendix B, R_b and R_l. */
function rlp(item: Item): Uint8Array {
  const isList = !(item instanceof Uint8Array);
  const content = isList ? Buffer.concat(item.map(rlp)) : item;
  if (!isList && content.length === 1 && (content[0] ?? 0) < 0x80) return content;
  const base = isList ? 0xc0 : 0x80;
  if (content.length <= 55) return Buffer.concat([Uint8Array.of(base + content.length), content]);
  const length = Buffer.from(bigEndian(BigInt(content.length)));
  return Buffer.concat([Uint8Array.of(base + 55 + length.length), length, content]);
}

function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return value === 0n ? new Uint8Array() : new Uint8Array(Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex"));
}

const none = new Uint8Array();
const address = new Uint8Array(20).fill(0xab);
const signature = [bigEndian(27n), new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

/** A signed transaction of a kind; 0 is legacy. */
function transaction(kind: number, to: Uint8Array, wei: bigint, data = none): Uint8Array {
  const [nonce, gas, fee] = [bigEndian(7n), bigEndian(21_000n), bigEndian(3_000_000_000n)];
  const chain = bigEndian(1n);
  const paid: Item[] = [to, bigEndian(wei), data];
  const fields: Record<number, Item[]> = {
    0: [nonce, fee, gas, ...paid, ...signature],
    1: [chain, nonce, fee, gas, ...paid, [], ...signature],
    2: [chain, nonce, none, fee, gas, ...paid, [], ...signature],
    3: [chain, nonce, none, fee, gas, ...paid, [], fee, [new Uint8Array(32)], ...signature],
    4: [chain, nonce, none, fee, gas, ...paid, [], [], ...signature],
  };
  const body = rlp(fields[kind] ?? []);
  return kind === 0 ? body : Buffer.concat([Uint8Array.of(kind), body]);
}

test.each([0, 1, 2, 3, 4])("a payment of kind %i: recipient, and value in gwei rounded down", (kind) => {
  const read = readTransfer(transaction(kind, address, 41_234_567_890_123_456n));
  expect(read).toEqual({ to: `0x${"ab".repeat(20)}`, value: 41_234_567 });
  expect(readTransfer(transaction(kind, address, 0n))).toEqual({ to: `0x${"ab".repeat(20)}`, value: 0 });
});

test("any value that a payment can have", () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2, 3, 4), fc.bigInt({ min: 0n, max: 2n ** 80n }), (kind, wei) => {
      expect(readTransfer(transaction(kind, address, wei))?.value).toBe(Number(wei / 1_000_000_000n));
    }),
  );
});

test("a call, a creation, an unknown kind, a tail and a cut are no payments", () => {
  const good = transaction(2, address, 1n);
  expect(readTransfer(transaction(2, address, 1n, Uint8Array.of(1, 2)))).toBeUndefined();
  expect(readTransfer(transaction(0, none, 1n))).toBeUndefined();
  expect(readTransfer(Buffer.concat([Uint8Array.of(9), good.subarray(1)]))).toBeUndefined();
  expect(readTransfer(Buffer.concat([good, Uint8Array.of(0)]))).toBeUndefined();
  for (let length = 0; length < good.length; length++) expect(readTransfer(good.subarray(0, length))).toBeUndefined();
});

test("garbage never throws", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readTransfer(bytes)));
});
