import { parseJsonOnce } from "../http/parse-once.ts";
import type { Checkpoint } from "../../chain/types.ts";
import { isSsz } from "../http/media-type.ts";

/** What a node wants attested, whichever encoding it came in. */
export interface AttestationData {
  slot: number;
  index: number;
  headRoot: string;
  source: Checkpoint;
  target: Checkpoint;
}

/** What must be true of any answer to one question. */
export interface AttestationQuestion {
  slot: number | undefined;
  /** Of `slot`; `undefined` while the network is unknown. */
  epoch: number | undefined;
  /** From Electra to Fulu the index is always 0 (EIP-7549); Gloas gives it another meaning again. */
  mustBeIndexZero: boolean;
}

/** The answer of a node, or why it is none. */
export type ReadAttestationData = { ok: true; data: AttestationData } | { ok: false; why: string };

/** Fixed size of an SSZ `AttestationData`: slot, index, head root, source, target (consensus-specs). */
const sszBytes = 128;

/** Reads `produceAttestationData`, JSON or SSZ, and holds it against the question. */
export function readAttestationData(
  body: Buffer,
  contentType: string | undefined,
  question: AttestationQuestion,
): ReadAttestationData {
  const data = isSsz(contentType) ? fromSsz(body) : fromJson(body);
  if (typeof data === "string") return { ok: false, why: data };
  if (question.slot !== undefined && data.slot !== question.slot)
    return { ok: false, why: `it is of slot ${data.slot}` };
  if (question.epoch !== undefined && data.target.epoch !== question.epoch)
    return { ok: false, why: `its target is epoch ${data.target.epoch}` };
  if (data.source.epoch > data.target.epoch) return { ok: false, why: "its source is after its target" };
  if (question.mustBeIndexZero && data.index !== 0) return { ok: false, why: `its index is ${data.index}` };
  return { ok: true, data };
}

function fromJson(body: Buffer): AttestationData | string {
  let parsed: unknown;
  try {
    parsed = parseJsonOnce(body);
  } catch {
    return "JSON that does not parse";
  }
  const { data, execution_optimistic } = (parsed ?? {}) as Record<string, unknown>;
  if (execution_optimistic === true) return "it is optimistic";
  const fields = (data ?? {}) as Record<string, unknown>;
  const slot = uint(fields["slot"]);
  const index = uint(fields["index"]);
  const headRoot = root(fields["beacon_block_root"]);
  const source = checkpoint(fields["source"]);
  const target = checkpoint(fields["target"]);
  if (slot === undefined || index === undefined || headRoot === undefined || !source || !target)
    return "a field is missing or of the wrong type";
  return { slot, index, headRoot, source, target };
}

function fromSsz(body: Buffer): AttestationData | string {
  if (body.length !== sszBytes) return `${body.length} bytes of SSZ instead of ${sszBytes}`;
  const number = (at: number) => uint(body.readBigUInt64LE(at).toString());
  const rootAt = (at: number) => `0x${body.toString("hex", at, at + 32)}`;
  const [slot, index, source, target] = [number(0), number(8), number(48), number(88)];
  if (slot === undefined || index === undefined || source === undefined || target === undefined)
    return "a number is out of range";
  return {
    slot,
    index,
    headRoot: rootAt(16),
    source: { epoch: source, root: rootAt(56) },
    target: { epoch: target, root: rootAt(96) },
  };
}

function checkpoint(value: unknown): Checkpoint | undefined {
  const fields = (value ?? {}) as Record<string, unknown>;
  const epoch = uint(fields["epoch"]);
  const of = root(fields["root"]);
  return epoch === undefined || of === undefined ? undefined : { epoch, root: of };
}

function root(value: unknown): string | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) ? value.toLowerCase() : undefined;
}

function uint(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^[0-9]{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
