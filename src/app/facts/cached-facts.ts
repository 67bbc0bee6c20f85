import type { Fact } from "../../alerts/fact.ts";

/** Facts that are not made anew at each look: they change slowly, or cost something. */
export interface CachedFacts {
  source: string;
  /** As of now, or as old as the period at most. */
  get(now: number): readonly Fact[];
  /** To be made anew at the next look. */
  drop(): void;
}

/** `onRenewed` is told of what was made, at most once in each period. */
export function cachedFacts(
  source: string,
  periodMs: number,
  make: (now: number) => readonly Fact[],
  onRenewed: (source: string, facts: readonly Fact[], now: number) => void,
): CachedFacts {
  let made: { at: number; facts: readonly Fact[] } | undefined;
  return {
    source,
    get(now) {
      // A clock that went back makes it anew as well.
      if (!made || now - made.at >= periodMs || now < made.at) {
        made = { at: now, facts: make(now) };
        onRenewed(source, made.facts, now);
      }
      return made.facts;
    },
    drop: () => (made = undefined),
  };
}
