import { isSsz } from "../http/media-type.ts";

/** `SignedExecutionPayloadEnvelope`: offset of the message, signature; the message begins with the payload's offset. */
const messageAt = 100;
/** Fields of a Gloas payload before its slot number, the last one (consensus-specs, `ExecutionPayload`; EIP-7843). */
const slotNumberAt = 532;

type Fields = Record<string, unknown>;

/**
 * Slot of a signed payload envelope, alone or with its blobs, as decimal text; `undefined` where it cannot be read. The
 * slot stands in the payload; in earlier drafts of Gloas it stood in the envelope.
 */
export function envelopeSlot(body: Buffer, contentType: string | undefined): string | undefined {
  if (isSsz(contentType)) return sszSlot(body);
  let parsed: Fields | null;
  try {
    parsed = JSON.parse(body.toString("utf8")) as Fields | null;
  } catch {
    return undefined;
  }
  const signed = (parsed?.["signed_execution_payload_envelope"] ?? parsed) as Fields | null | undefined;
  const message = signed?.["message"] as Fields | null | undefined;
  const payload = message?.["payload"] as Fields | null | undefined;
  const slot = payload?.["slot_number"] ?? message?.["slot"];
  return typeof slot === "string" && /^[0-9]{1,20}$/.test(slot) ? slot : undefined;
}

function sszSlot(body: Buffer): string | undefined {
  // With blobs three offsets stand in front, the first of which is 12.
  const start = body.length > 16 && body.readUInt32LE(0) === 12 ? 12 : 0;
  const message = start + messageAt;
  if (body.length < message + 4 || body.readUInt32LE(start) !== messageAt) return undefined;
  const at = message + body.readUInt32LE(message) + slotNumberAt;
  return body.length < at + 8 ? undefined : body.readBigUInt64LE(at).toString();
}
