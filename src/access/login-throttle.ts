/** Failed attempts of one name or one address, newest last, ms since the epoch. */
export type LoginFailures = ReadonlyMap<string, readonly number[]>;

const windowMs = 900_000;
const freeTries = 5;
const firstWaitMs = 2_000;
const longestWaitMs = 300_000;
/** Names and addresses remembered at most: whoever invents more pushes out the oldest. */
const mostKeys = 10_000;

/** How long this name or address must wait before it may try again, ms: doubling after five failures in 15 minutes. Pure. */
export function loginWait(failures: LoginFailures, keys: readonly string[], now: number): number {
  return Math.max(0, ...keys.map((key) => waitOf(recent(failures.get(key), now), now)));
}

function waitOf(times: readonly number[], now: number): number {
  const last = times.at(-1);
  if (last === undefined || times.length < freeTries) return 0;
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (times.length - freeTries));
  return Math.max(0, last + wait - now);
}

/** With one more failure of all these keys. */
export function addFailure(failures: LoginFailures, keys: readonly string[], now: number): LoginFailures {
  const next = new Map(failures);
  for (const key of keys) {
    const times = [...recent(next.get(key), now), now].slice(-32);
    next.delete(key);
    next.set(key, times);
  }
  for (const key of next.keys()) {
    if (next.size <= mostKeys) break;
    next.delete(key);
  }
  return next;
}

/** A login that worked forgives its name, never its address: one good account must not open the door to guessing others. */
export function forgive(failures: LoginFailures, key: string): LoginFailures {
  const next = new Map(failures);
  next.delete(key);
  return next;
}

const recent = (times: readonly number[] | undefined, now: number): readonly number[] =>
  (times ?? []).filter((time) => now - time < windowMs);
