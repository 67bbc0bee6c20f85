import { isSsz } from "../http/media-type.ts";

/**
 * Slot of a signed block, block contents, or payload envelope, as decimal text; `undefined` where it cannot be read.
 * SSZ: a signed container starts with the offset 100 (4 bytes of offset, 96 of signature), block contents with 12
 * (consensus-specs, `SignedBeaconBlock`; beacon-APIs, `SignedBlockContents`).
 */
export function blockSlot(body: Buffer, contentType: string | undefined): string | undefined {
  if (isSsz(contentType)) return sszSlot(body);
  try {
    const parsed = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const signed = (parsed["signed_block"] ?? parsed) as { message?: { slot?: unknown } };
    const slot = signed.message?.slot;
    return typeof slot === "string" && /^[0-9]+$/.test(slot) ? slot : undefined;
  } catch {
    return undefined;
  }
}

function sszSlot(body: Buffer): string | undefined {
  if (body.length < 128) return undefined;
  const start = body.readUInt32LE(0) === 12 ? 12 : 0;
  if (body.readUInt32LE(start) !== 100) return undefined;
  return body.readBigUInt64LE(start + 100).toString();
}
