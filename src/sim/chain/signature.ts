import { hashParts } from "../hash.ts";

/** 96 bytes that look like a signature. */
export function makeSignature(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from([0, 1, 2].flatMap((part) => [...hashParts("signature", part, ...parts)]));
}
