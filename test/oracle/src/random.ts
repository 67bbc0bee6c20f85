/** Draws of one seeded sequence: the same seed gives the same chain. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** From 0 to below `limit`. */
  below(limit: number): number;
  has(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** Mulberry32: small, seeded, good enough to scatter faults. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    has: (share) => next() < share,
    pick: (items) => {
      if (items.length === 0) throw new Error("pick an item: the list is empty; this is a fault of the generator");
      return items[below(items.length)] as (typeof items)[number];
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
