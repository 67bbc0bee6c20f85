/** Random choices of one case, all from its seed. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  real(from: number, to: number): number;
  pick<T>(of: readonly [T, ...T[]]): T;
}

/** Park and Miller's generator: the same seed, the same choices. */
export function createDraw(seed: number): Draw {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let i = 0; i < 5; i++) next();
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    real: (from, to) => from + next() * (to - from),
    pick: (of) => of[int(0, of.length - 1)] ?? of[0],
  };
}

/** From 0 to 1, the same for the same numbers. */
export function mix(...numbers: readonly number[]): number {
  let mixed = 0x2545f491;
  for (const number of numbers) {
    mixed = Math.imul(mixed ^ number, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    mixed ^= mixed >>> 13;
  }
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
