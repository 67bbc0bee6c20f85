import { isSsz } from "../http/media-type.ts";

/** What the tripwire needs of one attestation in a request body. */
export interface Vote {
  /** Who signed: validator indices, or (before Electra) slot, committee and position in it. */
  signers: readonly (string | number)[];
  /** Known from Electra on. */
  validatorIndex: number | undefined;
  slot: number;
  sourceEpoch: number;
  targetEpoch: number;
  /** All fields of its `AttestationData`: two votes are the same vote exactly if these are equal. */
  data: string;
}

/** The items of a body of `POST …/pool/attestations`. */
export interface AttestationItems {
  /** `undefined`: an item that could not be read. */
  votes: readonly (Vote | undefined)[];
  /** The body without some items. */
  without(dropped: ReadonlySet<number>): Buffer;
}

/** `SingleAttestation` (EIP-7549): committee index, attester index, data, signature. */
const singleBytes = 8 + 8 + 128 + 96;
/** Fixed part of a phase 0 `Attestation`: offset of the bits, data, signature. */
const attestationBytes = 4 + 128 + 96;

/** Reads a body, JSON or SSZ; `undefined` where it is neither a list of attestations before Electra nor one from Electra on. */
export function readAttestations(
  body: Buffer,
  contentType: string | undefined,
  consensusVersion: string | undefined,
): AttestationItems | undefined {
  if (!isSsz(contentType)) return readJson(body);
  const isSingle =
    consensusVersion !== undefined && !/^(phase0|altair|bellatrix|capella|deneb)$/i.test(consensusVersion);
  return isSingle ? readSingles(body) : readAttestationList(body);
}

function readJson(body: Buffer): AttestationItems | undefined {
  return readUsualJson(body) ?? readAnyJson(body);
}

const root = "0x[0-9a-fA-F]{64}";
const number = "[0-9]{1,16}";
const checkpoint = `\\{"epoch":"(${number})","root":"(${root})"\\}`;
/** A `SingleAttestation` as clients write it, up to its data: fields in the order of the specification, no white space. */
const usualBegin = new RegExp(`\\{"committee_index":"${number}","attester_index":"(${number})","data":`, "y");
const usualData = new RegExp(
  `\\{"slot":"(${number})","index":"(${number})","beacon_block_root":"(${root})","source":${checkpoint},"target":${checkpoint}\\}`,
  "y",
);
const [signatureBegin, signatureDigits, itemEnd] = [',"signature":"0x', 192, '"}'];

/** Votes of one slot have the same data, to the letter: it is read once. */
let lastData = "";
let lastVote: Vote | undefined;

/** Several times as fast as parsing, on what clients send from Electra on; `undefined` where it is the least different. */
function readUsualJson(body: Buffer): AttestationItems | undefined {
  const text = body.toString("latin1");
  const votes: Vote[] = [];
  const ends: number[] = [];
  if (!text.startsWith("[{")) return undefined;
  for (let at = 1; at < text.length; at++) {
    usualBegin.lastIndex = at;
    const attester = uint(usualBegin.exec(text)?.[1]);
    if (attester === undefined) return undefined;
    const vote = usualVote(text, usualBegin.lastIndex);
    if (!vote) return undefined;
    at = usualBegin.lastIndex + lastData.length;
    if (!text.startsWith(signatureBegin, at)) return undefined;
    at += signatureBegin.length + signatureDigits;
    if (text.indexOf('"', at - signatureDigits) !== at || !text.startsWith(itemEnd, at)) return undefined;
    at += itemEnd.length;
    votes.push({ ...vote, validatorIndex: attester, signers: [attester] });
    ends.push(at);
    if (text[at] === "]") return at === text.length - 1 ? { votes, without: withoutSlices(text, ends) } : undefined;
    if (text[at] !== ",") return undefined;
  }
  return undefined;
}

function usualVote(text: string, at: number): Vote | undefined {
  if (lastVote && text.startsWith(lastData, at)) return lastVote;
  usualData.lastIndex = at;
  const found = usualData.exec(text);
  if (!found) return undefined;
  const [data, slot, index, head = "", sourceEpoch, source = "", targetEpoch, target = ""] = found;
  const [s, i, from, to] = [uint(slot), uint(index), uint(sourceEpoch), uint(targetEpoch)];
  if (s === undefined || i === undefined || from === undefined || to === undefined) return undefined;
  lastData = data;
  lastVote = voteOf(s, i, from, to, `${head}|${source}|${target}`.toLowerCase());
  return lastVote;
}

/** The items as they came, but for some; `ends`: where each of them ends. */
function withoutSlices(text: string, ends: readonly number[]): AttestationItems["without"] {
  return (dropped) => {
    const items = ends.map((end, index) => text.slice((ends[index - 1] ?? 0) + 1, end));
    return Buffer.from(`[${items.filter((_, index) => !dropped.has(index)).join(",")}]`, "latin1");
  };
}

function readAnyJson(body: Buffer): AttestationItems | undefined {
  let list: unknown;
  try {
    list = JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  const items = list as unknown[];
  return {
    votes: items.map(voteOfJson),
    without: (dropped) => Buffer.from(JSON.stringify(items.filter((_, index) => !dropped.has(index)))),
  };
}

function voteOfJson(item: unknown): Vote | undefined {
  const { attester_index, aggregation_bits, data } = (item ?? {}) as Record<string, unknown>;
  const fields = (data ?? {}) as Record<string, unknown>;
  const source = (fields["source"] ?? {}) as Record<string, unknown>;
  const target = (fields["target"] ?? {}) as Record<string, unknown>;
  const [slot, index] = [uint(fields["slot"]), uint(fields["index"])];
  const [sourceEpoch, targetEpoch] = [uint(source["epoch"]), uint(target["epoch"])];
  const roots = [fields["beacon_block_root"], source["root"], target["root"]];
  if (slot === undefined || index === undefined || sourceEpoch === undefined || targetEpoch === undefined)
    return undefined;
  if (!roots.every((root): root is string => typeof root === "string")) return undefined;
  const vote = voteOf(slot, index, sourceEpoch, targetEpoch, roots.join("|").toLowerCase());
  const attester = uint(attester_index);
  if (attester !== undefined) return { ...vote, validatorIndex: attester, signers: [attester] };
  if (typeof aggregation_bits !== "string" || !/^0x([0-9a-f]{2}){1,300}$/i.test(aggregation_bits)) return undefined;
  return { ...vote, signers: positions(slot, index, Buffer.from(aggregation_bits.slice(2), "hex")) };
}

function readSingles(body: Buffer): AttestationItems | undefined {
  if (body.length === 0 || body.length % singleBytes !== 0) return undefined;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += singleBytes) parts.push(body.subarray(at, at + singleBytes));
  return {
    votes: parts.map((part) => {
      const attester = uint(part.readBigUInt64LE(8));
      const vote = voteOfSsz(part, 16);
      return attester === undefined ? undefined : vote && { ...vote, validatorIndex: attester, signers: [attester] };
    }),
    without: (dropped) => Buffer.concat(parts.filter((_, index) => !dropped.has(index))),
  };
}

/** A list of variable-size items: offsets of 4 bytes first, the first of which tells how many there are. */
function readAttestationList(body: Buffer): AttestationItems | undefined {
  if (body.length < 4) return undefined;
  const count = body.readUInt32LE(0) / 4;
  if (!Number.isInteger(count) || count < 1 || 4 * count > body.length) return undefined;
  const parts: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const from = body.readUInt32LE(4 * index);
    const to = index + 1 < count ? body.readUInt32LE(4 * index + 4) : body.length;
    if (from > to || to > body.length || to - from <= attestationBytes) return undefined;
    parts.push(body.subarray(from, to));
  }
  return {
    votes: parts.map((part) => {
      if (part.readUInt32LE(0) !== attestationBytes) return undefined;
      const vote = voteOfSsz(part, 4);
      const index = uint(part.readBigUInt64LE(12));
      return vote && index !== undefined
        ? { ...vote, signers: positions(vote.slot, index, part.subarray(attestationBytes)) }
        : undefined;
    }),
    without: (dropped) => joinList(parts.filter((_, index) => !dropped.has(index))),
  };
}

function joinList(parts: readonly Buffer[]): Buffer {
  const offsets = Buffer.alloc(4 * parts.length);
  let at = offsets.length;
  parts.forEach((part, index) => {
    offsets.writeUInt32LE(at, 4 * index);
    at += part.length;
  });
  return Buffer.concat([offsets, ...parts]);
}

/** `AttestationData` at an offset: slot, index, head, source, target. */
function voteOfSsz(bytes: Buffer, at: number): Vote | undefined {
  const [slot, index] = [uint(bytes.readBigUInt64LE(at)), uint(bytes.readBigUInt64LE(at + 8))];
  const [source, target] = [uint(bytes.readBigUInt64LE(at + 48)), uint(bytes.readBigUInt64LE(at + 88))];
  if (slot === undefined || index === undefined || source === undefined || target === undefined) return undefined;
  const root = (from: number) => `0x${bytes.toString("hex", at + from, at + from + 32)}`;
  return voteOf(slot, index, source, target, `${root(16)}|${root(56)}|${root(96)}`);
}

function voteOf(slot: number, index: number, sourceEpoch: number, targetEpoch: number, roots: string): Vote {
  const data = `${slot}|${index}|${sourceEpoch}|${targetEpoch}|${roots}`;
  return { signers: [], validatorIndex: undefined, slot, sourceEpoch, targetEpoch, data };
}

/** One name for each set bit of a bit list; its highest set bit only marks its length. */
function positions(slot: number, committee: number, bits: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < 8 * bits.length; at++)
    if (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) found.push(`${slot}/${committee}/${at}`);
  found.pop();
  return found;
}

function uint(value: unknown): number | undefined {
  if (typeof value === "bigint") return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
  if (typeof value !== "string" || !/^[0-9]{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
