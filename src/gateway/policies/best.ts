import type { Answer, FanOutState } from "../send/fan-out.ts";
import { isSsz } from "../http/media-type.ts";

export type BestDecision = { kind: "wait" } | { kind: "serve"; answer: Answer } | { kind: "nobody"; detail: string };

/**
 * The answer with the most attestation bits among those there when all ready nodes spoke or the soft deadline passed;
 * after it, the first good one. 404 means "none here" and only counts when nobody has any.
 */
export function decideBest(state: FanOutState): BestDecision {
  const good = state.answers.filter((answer) => answer.status === 200 && countBits(answer) > 0);
  // Who has left the ready ones since it was asked is not waited for, unless nobody else has anything.
  const isReadyPending = state.pending.some((node) => node.isReady);
  const mayWait = !state.isExpired && state.pending.length > 0;
  if (mayWait && (good.length === 0 || (isReadyPending && !state.isLate))) return { kind: "wait" };
  if (good.length > 0) return { kind: "serve", answer: good.reduce((a, b) => (countBits(b) > countBits(a) ? b : a)) };
  const spoken = state.answers.filter((answer) => answer.status >= 400).sort((a, b) => rank(a.status) - rank(b.status));
  if (spoken[0]) return { kind: "serve", answer: spoken[0] };
  return {
    kind: "nobody",
    detail: state.answers.map((a) => `${a.node}: ${a.failure ?? `HTTP ${a.status}`}`).join(", "),
  };
}

function rank(status: number): number {
  return status === 404 ? 0 : status;
}

const memo = new WeakMap<Answer, number>();

/** Set bits of the aggregation bitfield, or 0 where the body is no aggregate or contribution. */
export function countBits(answer: Answer): number {
  const known = memo.get(answer);
  if (known !== undefined) return known;
  const type = String(answer.headers["content-type"] ?? "");
  const bits = isSsz(type) ? sszBits(answer.body) : jsonBits(answer.body);
  memo.set(answer, bits);
  return bits;
}

function jsonBits(body: Buffer): number {
  try {
    const { data, execution_optimistic } = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const bits = (data as { aggregation_bits?: unknown } | null)?.aggregation_bits;
    if (execution_optimistic === true || typeof bits !== "string" || !/^0x([0-9a-f]{2})+$/i.test(bits)) return 0;
    return popCount(Buffer.from(bits.slice(2), "hex"));
  } catch {
    return 0;
  }
}

/**
 * Attestation: the bit list stands at the offset in the first four bytes: behind 228 bytes, or from Electra on behind the
 * committee bits too (8 bytes, 1 on the minimal preset). Contribution: a fixed vector after 48 bytes.
 */
function sszBits(body: Buffer): number {
  if (body.length < 140) return 0;
  const offset = body.readUInt32LE(0);
  const isAttestation = (offset === 228 || offset === 229 || offset === 236) && body.length > offset;
  if (isAttestation) return popCount(body.subarray(offset));
  return body.length <= 160 ? popCount(body.subarray(48, body.length - 96)) : 0;
}

function popCount(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
}
