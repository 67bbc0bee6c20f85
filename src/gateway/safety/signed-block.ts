import { isSsz } from "../http/media-type.ts";
import { createHash } from "node:crypto";

/** What identifies a signed block in a publish, blinded or full. */
export interface SignedBlock {
  slot: string;
  proposerIndex: string;
  parentRoot: string;
  stateRoot: string;
  /**
   * BLS signatures are deterministic: one key signs one root with one signature, blinded or full, JSON or SSZ. So two
   * blocks of one proposer have the same root exactly if their signatures are equal.
   */
  signature: string;
  /** `form` says how it was encoded; digests of one form can be compared, as a check on signatures that are no signatures. */
  form: string;
  digest: string;
}

/** Reads a body of `POST …/beacon/blocks` or `…/blinded_blocks`; `undefined` where it cannot be read. */
export function readSignedBlock(body: Buffer, contentType: string | undefined): SignedBlock | undefined {
  return isSsz(contentType) ? fromSsz(body) : fromJson(body);
}

function fromJson(body: Buffer): SignedBlock | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  const outer = (parsed ?? {}) as Record<string, unknown>;
  const { message, signature } = (outer["signed_block"] ?? outer) as Record<string, unknown>;
  const block = (message ?? {}) as Record<string, unknown>;
  const { slot, proposer_index, parent_root, state_root } = block;
  const texts = [slot, proposer_index, parent_root, state_root, signature];
  if (!texts.every((text): text is string => typeof text === "string")) return undefined;
  const [slotText = "", proposerIndex = "", parentRoot = "", stateRoot = "", signed = ""] = texts;
  const inner = (block["body"] ?? {}) as Record<string, unknown>;
  return {
    slot: slotText,
    proposerIndex,
    parentRoot: parentRoot.toLowerCase(),
    stateRoot: stateRoot.toLowerCase(),
    signature: signed.toLowerCase(),
    form: inner["execution_payload_header"] === undefined ? "json" : "json-blinded",
    digest: hash(canonical(block)),
  };
}

/**
 * `SignedBeaconBlock` begins with the offset 100 and the signature; `SignedBlockContents` with three offsets, the first
 * of them 12 (consensus-specs; beacon-APIs).
 */
function fromSsz(body: Buffer): SignedBlock | undefined {
  if (body.length < 200) return undefined;
  const isContents = body.readUInt32LE(0) === 12;
  const start = isContents ? 12 : 0;
  const end = isContents ? body.readUInt32LE(4) : body.length;
  if (end > body.length || end - start < 184 || body.readUInt32LE(start) !== 100) return undefined;
  const hex = (from: number, to: number) => `0x${body.toString("hex", start + from, start + to)}`;
  return {
    slot: body.readBigUInt64LE(start + 100).toString(),
    proposerIndex: body.readBigUInt64LE(start + 108).toString(),
    parentRoot: hex(116, 148),
    stateRoot: hex(148, 180),
    signature: hex(4, 100),
    form: isContents ? "ssz-contents" : "ssz",
    digest: hash(body.subarray(start, end)),
  };
}

/** The same text for the same content, however the client orders its keys and writes its hexadecimal digits. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${key}:${canonical(inner)}`)
      .join(",")}}`;
  return String(value).toLowerCase();
}

function hash(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("base64");
}
