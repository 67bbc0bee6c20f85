import type { Cancel, Clock } from "./clock.ts";

interface Timer {
  dueAt: number;
  periodMs: number | undefined;
  run: () => void;
}

/** A clock that stands still until `advance` is called: timers then run in order of their due time. */
export interface FakeClock extends Clock {
  /** Moves time on by `ms`, running what falls due; awaits microtasks between timers so that promise chains progress. */
  advance(ms: number): Promise<void>;
}

/** Creates a clock frozen at `startMs` (milliseconds since the Unix epoch). */
export function createFakeClock(startMs = 1_700_000_000_000): FakeClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();

  function add(delayMs: number, run: () => void, periodMs?: number): Cancel {
    const timer: Timer = { dueAt: nowMs + Math.max(0, delayMs), periodMs, run };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  return {
    now: () => nowMs,
    monotonic: () => nowMs - startMs,
    soon: (run) => void add(0, run),
    after: (delayMs, run) => add(delayMs, run),
    every: (periodMs, run) => add(periodMs, run, periodMs),
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const cancel = add(delayMs, resolve);
        signal?.addEventListener("abort", () => (cancel(), resolve()), { once: true });
      }),
    async advance(ms) {
      const end = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter((t) => t.dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (!next) break;
        nowMs = Math.max(nowMs, next.dueAt);
        if (next.periodMs === undefined) timers.delete(next);
        else next.dueAt += next.periodMs;
        next.run();
        await settle();
      }
      nowMs = end;
      await settle();
    },
  };
}
