/** Packed bits, little-endian within a byte, as SSZ has them. */
export function hasBit(bits: Uint8Array, position: number): boolean {
  return ((bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
}

export function setBit(bits: Uint8Array, position: number): void {
  bits[position >> 3] = (bits[position >> 3] ?? 0) | (1 << (position & 7));
}

export function emptyBits(length: number): Uint8Array {
  return new Uint8Array((length + 7) >> 3);
}

/** The bits of `start` to `end` as a list of their own. */
export function sliceBits(bits: Uint8Array, start: number, end: number): Uint8Array {
  const slice = emptyBits(end - start);
  for (let at = start; at < end; at++) if (hasBit(bits, at)) setBit(slice, at - start);
  return slice;
}

export function hasAnyBit(bits: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (hasBit(bits, at)) return true;
  return false;
}
