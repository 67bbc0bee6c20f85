import type { Cancel, Clock } from "../lib/clock.ts";
import type { Fact } from "./facts.ts";

export interface FactLimit {
  /** Passes the fact on at once, or later in place of those of its kind that came before. */
  take(fact: Fact): void;
  stop(): void;
}

/** A node tells of a head every few seconds; so many facts in a second are a flood. */
const maxPerWindow = 50;
const windowMs = 1_000;

/**
 * Bounds what one node's event stream can make the judge do. In a flood the newest fact of each kind is kept and passed
 * on at the end of the second: judging costs time that belongs to the validator clients of all nodes.
 */
export function limitFacts(clock: Clock, pass: (fact: Fact) => void): FactLimit {
  const held = new Map<Fact["kind"], Fact>();
  let startedAt = -Infinity;
  let count = 0;
  let cancel: Cancel | undefined;

  function flush(): void {
    cancel = undefined;
    startedAt = clock.monotonic();
    const facts = [...held.values()];
    count = facts.length;
    held.clear();
    for (const fact of facts) pass(fact);
  }

  return {
    take(fact) {
      const now = clock.monotonic();
      if (cancel === undefined && now - startedAt >= windowMs) {
        startedAt = now;
        count = 0;
      }
      if (cancel === undefined && count < maxPerWindow) {
        count++;
        return pass(fact);
      }
      // The latest fact goes last, as it came last.
      held.delete(fact.kind);
      held.set(fact.kind, fact);
      cancel ??= clock.after(Math.max(0, startedAt + windowMs - now), flush);
    },
    stop() {
      cancel?.();
      held.clear();
    },
  };
}
