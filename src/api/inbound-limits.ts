import type { Clock } from "../lib/clock.ts";

/** Requests of one token: so many at once, and as many again within a minute. */
export const requestsPerMinute = 600;
const perMs = requestsPerMinute / 60_000;

interface Bucket {
  tokens: number;
  countedAt: number;
}

/** How often each sender may come. `key` must be one of a bounded set. */
export interface RateLimit {
  /** 0: it may pass, and is counted; else ms until one more may. */
  waitMs(key: string): number;
}

/** A token bucket for each sender, in this process only: after a restart all are full. */
export function createRateLimit(clock: Clock): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    waitMs(key) {
      const now = clock.monotonic();
      const { tokens, countedAt } = buckets.get(key) ?? { tokens: requestsPerMinute, countedAt: now };
      const left = Math.min(requestsPerMinute, tokens + (now - countedAt) * perMs);
      const passes = left >= 1;
      buckets.set(key, { tokens: passes ? left - 1 : left, countedAt: now });
      return passes ? 0 : (1 - left) / perMs;
    },
  };
}

/** Requests that are being read or stored, at most `most` of them. */
export interface Gate {
  /** `undefined`: there is no room. Else what gives the place back; calling it again does nothing. */
  enter(): (() => void) | undefined;
}

export function createGate(most: number): Gate {
  let inside = 0;
  return {
    enter() {
      if (inside >= most) return undefined;
      inside += 1;
      let isInside = true;
      return () => {
        if (isInside) inside -= 1;
        isInside = false;
      };
    },
  };
}
