import { AppError } from "../../lib/app-error.ts";

/**
 * A stretch of SSZ bytes that is one value. Fields are read where they lie, so that what nobody needs (transactions) is
 * never made a value. Every read is checked against the stretch; a bad one throws AppError.
 */
export interface SszReader {
  readonly length: number;
  /** A uint64 up to 2^53. */
  uint(at: number): number;
  /** The same, `undefined` for 2^64-1. */
  uintOrMax(at: number): number | undefined;
  /** 0x-prefixed, lower case. */
  hex(at: number, length: number): string;
  /** A copy. */
  copy(at: number, length: number): Uint8Array;
  /** The variable-size fields of a container whose fixed part is `fixedLength` long, by the places of their offsets. */
  parts(fixedLength: number, ...offsetsAt: readonly number[]): SszReader[];
  /** The items of a list of fixed-size items. */
  items(itemLength: number): SszReader[];
  /** The items of a list of variable-size items. */
  variableItems(): SszReader[];
  /** How many items a list of variable-size items has, unread. */
  countVariableItems(): number;
  /** The last item of such a list, a copy; `undefined`: the list is empty. */
  lastVariableItem(): Uint8Array | undefined;
}

/** Reads `bytes`, which must be exactly one value. */
export function readSsz(bytes: Uint8Array): SszReader {
  return stretch(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
}

function stretch(bytes: Buffer, start: number, end: number): SszReader {
  const length = end - start;

  function place(at: number, size: number): number {
    if (at + size > length) throw malformed(`${length} bytes where at least ${at + size} were due`);
    return start + at;
  }

  function offset(at: number): number {
    return bytes.readUInt32LE(place(at, 4));
  }

  /** Cuts the stretch at offsets that must rise and stay inside it. */
  function cut(offsets: readonly number[]): SszReader[] {
    return offsets.map((from, i) => {
      const to = offsets[i + 1] ?? length;
      if (from > to || to > length) throw malformed(`an offset of ${from} before one of ${to} in ${length} bytes`);
      return stretch(bytes, start + from, start + to);
    });
  }

  function countVariableItems(): number {
    if (length === 0) return 0;
    const first = offset(0);
    if (first === 0 || first % 4 !== 0 || first > length) throw malformed(`a list that begins at ${first}`);
    return first / 4;
  }

  function uintOrMax(at: number): number | undefined {
    const from = place(at, 8);
    const high = bytes.readUInt32LE(from + 4);
    const low = bytes.readUInt32LE(from);
    if (high === 0xffff_ffff && low === 0xffff_ffff) return undefined;
    if (high >= 2 ** 21) throw malformed("an integer above 2^53");
    return high * 2 ** 32 + low;
  }

  return {
    length,
    uintOrMax,
    uint(at) {
      const value = uintOrMax(at);
      if (value === undefined) throw malformed("an integer above 2^53");
      return value;
    },
    hex: (at, size) => `0x${bytes.toString("hex", place(at, size), start + at + size)}`,
    copy: (at, size) => new Uint8Array(bytes.subarray(place(at, size), start + at + size)),
    parts(fixedLength, ...offsetsAt) {
      const offsets = offsetsAt.map(offset);
      if (offsets[0] !== fixedLength) throw malformed(`a fixed part of ${offsets[0]} bytes instead of ${fixedLength}`);
      return cut(offsets);
    },
    items(itemLength) {
      if (length % itemLength !== 0) throw malformed(`${length} bytes are no whole items of ${itemLength}`);
      return Array.from({ length: length / itemLength }, (_, i) =>
        stretch(bytes, start + i * itemLength, start + (i + 1) * itemLength),
      );
    },
    variableItems: () => cut(Array.from({ length: countVariableItems() }, (_, i) => offset(i * 4))),
    countVariableItems,
    lastVariableItem() {
      const count = countVariableItems();
      if (count === 0) return undefined;
      const [last] = cut([offset((count - 1) * 4)]);
      return last?.copy(0, last.length);
    },
  };
}

function malformed(what: string): AppError {
  return new AppError(`SSZ: ${what}`, { code: "answer-malformed" });
}
