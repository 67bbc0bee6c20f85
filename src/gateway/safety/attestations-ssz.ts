import { positions, uint, voteOf, type AttestationItems, type Vote } from "./vote.ts";

/** `SingleAttestation` (EIP-7549): committee index, attester index, data, signature. */
const singleBytes = 8 + 8 + 128 + 96;
/** Fixed part of a phase 0 `Attestation`: offset of the bits, data, signature. */
const attestationBytes = 4 + 128 + 96;

/** Reads an SSZ body of `SingleAttestation`s, from Electra on. */
export function readSingles(body: Buffer): AttestationItems | undefined {
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

/** Reads an SSZ body from before Electra. A list of variable-size items: offsets of 4 bytes first, the first tells how many. */
export function readAttestationList(body: Buffer): AttestationItems | undefined {
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
