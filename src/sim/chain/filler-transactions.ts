import { createStream, hashParts } from "../hash.ts";

const transactionBytes = 440;
const pool = makePool(1 << 20);

/** Transactions of about the usual size that fill a payload to so many bytes; other ones in each slot. Not decodable. */
export function fillerTransactions(slot: number, bytes: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let left = bytes, at = slot * 7919; left > 0; left -= transactionBytes, at += transactionBytes) {
    const start = at % (pool.length - transactionBytes);
    found.push(pool.subarray(start, start + Math.min(left, transactionBytes)));
  }
  return found;
}

/** Bytes that do not compress, as signatures and call data do not. */
function makePool(length: number): Uint8Array {
  const words = new Uint32Array(length / 4);
  const next = createStream(hashParts("filler"));
  for (let at = 0; at < words.length; at++) words[at] = next();
  return new Uint8Array(words.buffer);
}
