/**
 * Calls `visit` with `shift + i` for each set bit `i` of `[from, to)`. Bits are little-endian within a byte. Empty bytes cost
 * one look, a set bit a few instructions: an epoch of 1,000,000 validators holds some 16 million.
 */
export function visitBits(
  bits: Uint8Array,
  from: number,
  to: number,
  shift: number,
  visit: (place: number) => void,
): void {
  for (let bit = from; bit < to; bit = (bit | 7) + 1) {
    let byte = bits[bit >>> 3]! & (0xff << (bit & 7));
    const byteStart = bit & ~7;
    if (byteStart + 8 > to) byte &= (1 << (to & 7)) - 1;
    while (byte !== 0) {
      visit(shift + byteStart + 31 - Math.clz32(byte & -byte));
      byte &= byte - 1;
    }
  }
}

export function isBitSet(bits: Uint8Array, bit: number): boolean {
  return ((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}
