import { AppError } from "../../lib/app-error.ts";

/** Takes the bit that marks a bitlist's length off: the highest bit that is set, which must be in the last byte. */
export function stripLengthBit(bytes: Uint8Array): { bits: Uint8Array; bitLength: number } {
  const last = bytes.at(-1);
  if (last === undefined || last === 0) throw bad("a list of bits without its length bit");
  const marker = 31 - Math.clz32(last);
  const bitLength = (bytes.length - 1) * 8 + marker;
  const bits = bytes.slice(0, Math.ceil(bitLength / 8));
  if (marker > 0) bits[bits.length - 1]! &= (1 << marker) - 1;
  return { bits, bitLength };
}

/** The committees that `committee_bits` names (EIP-7549), rising. */
export function committeesOf(bits: Uint8Array, maxCommittees: number): number[] {
  if (bits.length !== Math.ceil(maxCommittees / 8)) throw bad(`committee_bits of ${bits.length} bytes`);
  const committees: number[] = [];
  for (let i = 0; i < bits.length * 8; i++) if ((bits[i >>> 3]! & (1 << (i & 7))) !== 0) committees.push(i);
  if ((committees.at(-1) ?? 0) >= maxCommittees) throw bad(`committee ${committees.at(-1)} of ${maxCommittees}`);
  return committees;
}

/** Who signed both attestations of a slashing: those are slashed. Rising. */
export function slashedBoth(first: readonly number[], second: readonly number[]): number[] {
  const both = new Set(second);
  return first.filter((index) => both.delete(index)).sort((a, b) => a - b);
}

/** Bytes that people wrote, without the zeros behind: as text where they are text, else as hex. */
export function textOrHex(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const written = bytes.subarray(0, end);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(written);
    if (!/\p{Cc}|\p{Cf}/u.test(text)) return text;
  } catch {
    // Not UTF-8: shown as hex below.
  }
  return `0x${Buffer.from(written).toString("hex")}`;
}

function bad(problem: string): AppError {
  return new AppError(problem, { code: "answer-malformed" });
}
