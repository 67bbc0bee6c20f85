import type { AnswerHeaders } from "../send/attempt.ts";
import { isSsz } from "../http/media-type.ts";
import { isBalancedJson } from "../share/read-answer.ts";

/** What the gateway reads of a block that a node built; `undefined` is what could not be read. */
export interface ProducedBlock {
  /** From the block's first fields. */
  parentRoot: string | undefined;
  stateRoot: string | undefined;
  proposerIndex: string | undefined;
  /** Of the payload in it, or of the bid (Gloas); of a builder's header it says nothing, and is left out. */
  feeRecipient: string | undefined;
  isBlinded: boolean;
  /** Gloas: is the payload in the answer, so that any node can publish it? */
  isPayloadIncluded: boolean | undefined;
  /** Wei; `undefined` where the node gave none. */
  payloadValue: bigint | undefined;
  consensusValue: bigint | undefined;
}

export type ReadBlock = { ok: true; block: ProducedBlock } | { ok: false; why: string };

/** Larger JSON (it holds blobs) is not parsed: the fields are looked for, which takes a tenth of the time. */
const parseBytes = 1_048_576;

/** Reads an answer of `produceBlock`, JSON or SSZ. Not readable is not the same as wrong: only what is no block is refused. */
export function readProducedBlock(
  headers: AnswerHeaders,
  body: Buffer,
  question: { slot: string; presetBase: string | undefined; isAlwaysBlinded: boolean },
): ReadBlock {
  const header = (name: string) => oneOf(headers[name]);
  const block: ProducedBlock = {
    parentRoot: undefined,
    stateRoot: undefined,
    proposerIndex: undefined,
    feeRecipient: undefined,
    isBlinded: question.isAlwaysBlinded || header("eth-execution-payload-blinded") === "true",
    isPayloadIncluded: flag(header("eth-execution-payload-included")),
    payloadValue: wei(header("eth-execution-payload-value")),
    consensusValue: wei(header("eth-consensus-block-value")),
  };
  if (isSsz(header("content-type"))) return readSsz(block, body, question, header("eth-consensus-version"));
  return body.length > parseBytes ? readLargeJson(block, body) : readJson(block, body, question.slot);
}

type Fields = Record<string, unknown>;

function readJson(block: ProducedBlock, body: Buffer, slot: string): ReadBlock {
  let parsed: Fields | null;
  try {
    parsed = JSON.parse(body.toString("utf8")) as Fields | null;
  } catch {
    return { ok: false, why: "JSON that does not parse" };
  }
  const data = fieldsOf(parsed?.["data"]);
  if (data === undefined) return { ok: false, why: "no block in the answer" };
  const inner = fieldsOf(data["block"]) ?? data;
  if (text(inner["slot"]) !== undefined && inner["slot"] !== slot)
    return { ok: false, why: `it is of slot ${String(inner["slot"])}` };
  block.isBlinded ||= parsed?.["execution_payload_blinded"] === true;
  block.payloadValue ??= wei(parsed?.["execution_payload_value"]);
  block.consensusValue ??= wei(parsed?.["consensus_block_value"]);
  if (typeof parsed?.["execution_payload_included"] === "boolean")
    block.isPayloadIncluded ??= parsed["execution_payload_included"];
  block.parentRoot = root(inner["parent_root"]);
  block.stateRoot = root(inner["state_root"]);
  block.proposerIndex = text(inner["proposer_index"]);
  const content = fieldsOf(inner["body"]);
  const bid = fieldsOf(fieldsOf(content?.["signed_execution_payload_bid"])?.["message"]);
  const payload = fieldsOf(content?.["execution_payload"]) ?? bid;
  if (!block.isBlinded) block.feeRecipient = address(payload?.["fee_recipient"]);
  return { ok: true, block };
}

function readLargeJson(block: ProducedBlock, body: Buffer): ReadBlock {
  if (!isBalancedJson(body)) return { ok: false, why: "JSON that is cut off" };
  const after = (key: string, from = 0) => {
    const at = body.indexOf(`"${key}"`, from, "latin1");
    return at === -1 ? "" : body.toString("latin1", at + key.length + 2, at + key.length + 120);
  };
  const value = (key: string, from = 0) => /^\s*:\s*"([^"]*)"/.exec(after(key, from))?.[1];
  const says = (key: string) => flag(/^\s*:\s*(true|false)/.exec(after(key))?.[1]);
  block.isBlinded ||= says("execution_payload_blinded") === true;
  block.isPayloadIncluded ??= says("execution_payload_included");
  block.payloadValue ??= wei(value("execution_payload_value"));
  block.consensusValue ??= wei(value("consensus_block_value"));
  block.parentRoot = root(value("parent_root"));
  block.stateRoot = root(value("state_root"));
  block.proposerIndex = value("proposer_index");
  const bid = body.indexOf('"signed_execution_payload_bid"', 0, "latin1");
  const payload = bid === -1 ? body.indexOf('"execution_payload"', 0, "latin1") : bid;
  if (!block.isBlinded && payload !== -1) block.feeRecipient = address(value("fee_recipient", payload));
  return { ok: true, block };
}

/** `BeaconBlock`: slot, proposer, parent, state, offset of the body, which follows at once (consensus-specs). */
const bodyAt = 84;
/** `BeaconBlockBody` up to the sync aggregate: randao reveal, eth1 data, graffiti, five offsets. */
const syncAggregateAt = 96 + 72 + 32 + 5 * 4;

/**
 * A bare block begins with its slot; contents (block, proofs, blobs; from Gloas also the envelope) begin with 3 or 4
 * offsets, the first of which is where the block stands.
 */
function readSsz(
  block: ProducedBlock,
  body: Buffer,
  { slot, presetBase }: { slot: string; presetBase: string | undefined },
  version: string | undefined,
): ReadBlock {
  const start = [0, 12, 16].find((at) => isBlockAt(body, at, slot));
  if (start === undefined)
    return body.length < bodyAt ? { ok: false, why: "too short for a block" } : { ok: true, block };
  const end = start === 0 ? body.length : Math.min(body.length, body.readUInt32LE(4));
  block.proposerIndex = body.readBigUInt64LE(start + 8).toString();
  block.parentRoot = `0x${body.toString("hex", start + 16, start + 48)}`;
  block.stateRoot = `0x${body.toString("hex", start + 48, start + 80)}`;
  const content = body.subarray(start + bodyAt, Math.max(start + bodyAt, end));
  if (!block.isBlinded) block.feeRecipient = feeRecipientOf(content, version?.toLowerCase(), presetBase);
  return { ok: true, block };
}

function isBlockAt(body: Buffer, at: number, slot: string): boolean {
  if (body.length < at + bodyAt || (at > 0 && body.readUInt32LE(0) !== at)) return false;
  return body.readBigUInt64LE(at).toString() === slot && body.readUInt32LE(at + 80) === bodyAt;
}

/**
 * From Bellatrix to Fulu the first offset behind the sync aggregate is the payload's; in Gloas the second is the signed
 * bid's. A payload begins with a hash and the fee recipient; a bid has four hashes before it (EIP-7732).
 */
function feeRecipientOf(
  content: Buffer,
  version: string | undefined,
  presetBase: string | undefined,
): string | undefined {
  if (version === undefined || version === "phase0" || version === "altair") return undefined;
  const isGloas = !["bellatrix", "capella", "deneb", "electra", "fulu"].includes(version);
  // 512 bits of the sync committee and a signature; the minimal preset has 32 bits.
  const offsetAt = syncAggregateAt + (presetBase === "minimal" ? 4 : 64) + 96 + (isGloas ? 4 : 0);
  if (content.length < offsetAt + 4) return undefined;
  let at = content.readUInt32LE(offsetAt);
  if (isGloas) {
    if (content.length < at + 4 || content.readUInt32LE(at) !== 100) return undefined;
    at += 100 + 96;
  }
  return content.length < at + 52 ? undefined : `0x${content.toString("hex", at + 32, at + 52)}`;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function root(value: unknown): string | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) ? value.toLowerCase() : undefined;
}

function address(value: unknown): string | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value) ? value.toLowerCase() : undefined;
}

/** Some clients leave the value empty: that is unknown, not nothing. */
function wei(value: unknown): bigint | undefined {
  return typeof value === "string" && /^[0-9]{1,78}$/.test(value) ? BigInt(value) : undefined;
}

function flag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value === "true";
}

function oneOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
