/**
 * The wait before attempt `attempt` (0 is the first retry), in milliseconds: exponential from `baseMs` to `maxMs`, with
 * the upper half random so that many clients do not come back together. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: () => number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (ceiling / 2) * random();
}
