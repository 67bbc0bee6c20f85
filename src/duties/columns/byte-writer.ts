/** Bytes that grow as they are written: integers as base-128 varints, signed ones in zigzag. */
export interface ByteWriter {
  byte(value: number): void;
  /** Not negative, at most 2^53 - 1. */
  unsigned(value: number): void;
  /** At most 2^52 either way. */
  signed(value: number): void;
  bytes(values: Uint8Array): void;
  finish(): Uint8Array;
}

export function byteWriter(sizeHint = 1024): ByteWriter {
  let buffer = new Uint8Array(Math.max(16, sizeHint));
  let length = 0;
  function room(count: number): void {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }
  function unsigned(value: number): void {
    room(8);
    let rest = value;
    while (rest >= 128) {
      buffer[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    buffer[length++] = rest;
  }
  return {
    byte(value) {
      room(1);
      buffer[length++] = value;
    },
    unsigned,
    signed: (value) => unsigned(toZigzag(value)),
    bytes(values) {
      room(values.length);
      buffer.set(values, length);
      length += values.length;
    },
    finish: () => buffer.subarray(0, length),
  };
}

/** 0, -1, 1, -2 … become 0, 1, 2, 3 …: small ones stay short whatever their sign. */
export function toZigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

export function fromZigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
