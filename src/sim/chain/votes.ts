import { createStream, hashParts } from "../hash.ts";

/** Which positions of a slot's committees, one after the other, attested. */
export interface SlotVotes {
  bits: readonly boolean[];
  count: number;
}

/** Deterministic votes of `positions` validators, of whom about the share `participation` attests. */
export function voteInSlot(
  seed: string,
  branch: string,
  slot: number,
  positions: number,
  participation: number,
): SlotVotes {
  if (participation >= 1) return { bits: Array<boolean>(positions).fill(true), count: positions };
  const next = createStream(hashParts(seed, "votes", branch, slot));
  const limit = participation * 2 ** 32;
  const bits = Array.from({ length: positions }, () => next() < limit);
  return { bits, count: bits.reduce((sum, bit) => sum + (bit ? 1 : 0), 0) };
}
