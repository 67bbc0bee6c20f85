import { isJson } from "../http/media-type.ts";
import { parseJsonOnce } from "../http/parse-once.ts";
import type { AnswerHeaders } from "../send/attempt.ts";

/** What decides whether a node's answer may be given to others than the one who asked, and for how long. */
export interface AnswerFacts {
  /** Is it complete, as far as that can be told? A body cut by a reset can look so until it is parsed. */
  isWhole: boolean;
  isOptimistic: boolean;
  isFinalized: boolean;
  /** Lower case; of duty answers. */
  dependentRoot: string | undefined;
  /** Of attestation data. */
  sourceEpoch: number | undefined;
  vote?: { slot: number; headRoot: string } | undefined;
}

/** Up to this size JSON is parsed; beyond, only its structure is followed, at a fraction of the time. */
const parseBytes = 16_384;
/** `AttestationData` is five fixed fields: 8 + 8 + 32 + 40 + 40 bytes; its source stands after the first 48. */
const attestationDataBytes = 128;

/** Reads a 200 answer of a shared route. */
export function readAnswer(routeId: string, headers: AnswerHeaders, body: Buffer): AnswerFacts {
  const type = one(headers["content-type"]) ?? "";
  const length = one(headers["content-length"]);
  const facts: AnswerFacts = {
    isWhole: length === undefined || Number(length) === body.length,
    isOptimistic: one(headers["eth-execution-optimistic"]) === "true",
    isFinalized: one(headers["eth-consensus-finalized"]) === "true",
    dependentRoot: one(headers["eth-consensus-dependent-root"])?.toLowerCase(),
    sourceEpoch: undefined,
  };
  const isAttestationData = routeId === "produceAttestationData";
  if (isJson(type)) return readJson(facts, body, isAttestationData);
  facts.isWhole &&= isAttestationData ? body.length === attestationDataBytes : body.length > 0;
  if (isAttestationData && facts.isWhole) {
    facts.sourceEpoch = Number(body.readBigUInt64LE(48));
    facts.vote = { slot: Number(body.readBigUInt64LE(0)), headRoot: `0x${body.toString("hex", 16, 48)}` };
  }
  return facts;
}

function readJson(facts: AnswerFacts, body: Buffer, isAttestationData: boolean): AnswerFacts {
  if (body.length > parseBytes) return readLargeJson(facts, body);
  try {
    const parsed = parseJsonOnce(body) as Record<string, unknown> | null;
    if (typeof parsed !== "object" || parsed === null) return { ...facts, isWhole: false };
    const data = parsed["data"] as
      { source?: { epoch?: unknown }; slot?: unknown; beacon_block_root?: unknown } | null | undefined;
    const root = parsed["dependent_root"];
    return {
      isWhole: facts.isWhole,
      isOptimistic: facts.isOptimistic || parsed["execution_optimistic"] === true,
      isFinalized: facts.isFinalized || parsed["finalized"] === true,
      dependentRoot: typeof root === "string" ? root.toLowerCase() : facts.dependentRoot,
      sourceEpoch: data?.source?.epoch === undefined ? undefined : Number(data.source.epoch),
      ...(isAttestationData && { vote: voteOf(data) }),
    };
  } catch {
    return { ...facts, isWhole: false };
  }
}

function voteOf(data: { slot?: unknown; beacon_block_root?: unknown } | null | undefined): AnswerFacts["vote"] {
  const [slot, headRoot] = [Number(data?.slot), data?.beacon_block_root];
  if (!Number.isSafeInteger(slot) || typeof headRoot !== "string") return undefined;
  return { slot, headRoot: headRoot.slice(0, 66).toLowerCase() };
}

function readLargeJson(facts: AnswerFacts, body: Buffer): AnswerFacts {
  const root = valueAfter(body, '"dependent_root"');
  return {
    ...facts,
    isWhole: facts.isWhole && isBalancedJson(body),
    isOptimistic: facts.isOptimistic || valueAfter(body, '"execution_optimistic"').startsWith("true"),
    isFinalized: facts.isFinalized || valueAfter(body, '"finalized"').startsWith("true"),
    dependentRoot: /^"(0x[0-9a-fA-F]{64})"/.exec(root)?.[1]?.toLowerCase() ?? facts.dependentRoot,
  };
}

/** The beginning of what stands behind a key, wherever in the body it is. */
function valueAfter(body: Buffer, key: string): string {
  const at = body.indexOf(key, 0, "latin1");
  if (at === -1) return "";
  const from = at + key.length;
  return body.toString("latin1", from, from + 96).replace(/^\s*:\s*/, "");
}

let lastBody: Buffer | undefined;
let isLastBalanced = false;

/**
 * Does one object begin and end with the text, with every bracket and string closed in between? Several judges ask it of
 * one answer in turn: it is followed for the first of them, and remembered until the next body comes.
 */
export function isBalancedJson(body: Buffer): boolean {
  if (body !== lastBody) {
    lastBody = body;
    isLastBalanced = hasEverythingClosed(body);
  }
  return isLastBalanced;
}

function hasEverythingClosed(body: Buffer): boolean {
  let depth = 0;
  let end = -1;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] as number;
    if (byte <= 0x20) continue;
    if (end !== -1) return false;
    if (byte === 0x22) {
      if (depth === 0) return false;
      i = closingQuote(body, i);
      if (i === -1) return false;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--depth < 0) return false;
      if (depth === 0) end = i;
    } else if (depth === 0) return false;
  }
  return end !== -1;
}

/** Strings are short as a rule: to look at some bytes costs less than to have them searched. */
const nearBytes = 128;

function closingQuote(body: Buffer, from: number): number {
  const near = Math.min(body.length, from + nearBytes);
  for (let at = from + 1; at < near; at++) {
    const byte = body[at];
    if (byte === 0x22) return at;
    if (byte === 0x5c) at++;
  }
  for (let at = body.indexOf(0x22, from + 1); at !== -1; at = body.indexOf(0x22, at + 1)) {
    let slashes = 0;
    while (body[at - 1 - slashes] === 0x5c) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
