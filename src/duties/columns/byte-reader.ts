import { fromZigzag } from "./byte-writer.ts";

/** Reads what `byteWriter` wrote. Throws `DamagedBytes` at the end of the bytes, and on numbers that nobody writes. */
export interface ByteReader {
  byte(): number;
  unsigned(): number;
  signed(): number;
  bytes(count: number): Uint8Array;
  readonly left: number;
}

/** What is wrong with stored bytes; whoever knows their epoch makes an `AppError` of it. */
export class DamagedBytes extends Error {}

export function byteReader(source: Uint8Array): ByteReader {
  let place = 0;
  function byte(): number {
    const value = source[place++];
    if (value === undefined) throw new DamagedBytes("they end too early");
    return value;
  }
  function unsigned(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const next = byte();
      value += (next % 128) * scale;
      if (next < 128) {
        if (Number.isSafeInteger(value)) return value;
        break;
      }
    }
    throw new DamagedBytes("a number is too large");
  }
  return {
    byte,
    unsigned,
    signed: () => fromZigzag(unsigned()),
    bytes(count) {
      if (count > source.length - place) throw new DamagedBytes("they end too early");
      place += count;
      return source.subarray(place - count, place);
    },
    get left() {
      return source.length - place;
    },
  };
}
