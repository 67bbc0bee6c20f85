import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { DamagedBytes } from "./byte-reader.ts";

/** Of everything in this folder. A change of what is written takes the next number, and readers keep the old ones. */
const version = 1;
const headerLength = 9;

/** Level by measurement (`npm run bench -- storage`): 6 saves 3 % more at three times the cost, 9 at twenty times. */
const level = 4;

/** No set is so large that its columns unpacked pass this. */
const maxRawLength = 2 ** 28;

/** Version, length and checksum of what follows, deflated. */
export function seal(raw: Uint8Array): Uint8Array {
  const packed = deflateRawSync(raw, { level, memLevel: 9 });
  const sealed = new Uint8Array(headerLength + packed.length);
  const view = new DataView(sealed.buffer);
  view.setUint8(0, version);
  view.setUint32(1, raw.length, true);
  view.setUint32(5, crc32(raw), true);
  sealed.set(packed, headerLength);
  return sealed;
}

/** Throws `DamagedBytes` on anything but what `seal` gave. */
export function unseal(sealed: Uint8Array): Uint8Array {
  if (sealed.length < headerLength) throw new DamagedBytes("they end too early");
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (view.getUint8(0) !== version)
    throw new DamagedBytes(`their format is ${view.getUint8(0)}, and this version knows ${version}`);
  const length = view.getUint32(1, true);
  if (length > maxRawLength) throw new DamagedBytes("their length is impossible");
  const raw = inflate(sealed.subarray(headerLength), length);
  if (raw.length !== length || crc32(raw) !== view.getUint32(5, true))
    throw new DamagedBytes("their checksum is wrong");
  return raw;
}

function inflate(packed: Uint8Array, length: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, length) });
  } catch {
    throw new DamagedBytes("they cannot be unpacked");
  }
}
