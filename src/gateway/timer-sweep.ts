import type { Cancel, Clock } from "../lib/clock.ts";

/** Something with a deadline; `dueAt` is on the monotonic clock and may be moved at any time. */
export interface Due {
  dueAt: number;
  /** Place in the sweep, -1 outside of it; only the sweep writes it. */
  sweepIndex: number;
  onDue(now: number): void;
  /** A node has left the ready ones: whoever waits for it alone asks another now. */
  onNodeLeft?(name: string): void;
}

/** One timer for all deadlines and hedges: a sweep every `tickMs` costs less than a timer per request. */
export interface TimerSweep {
  add(item: Due): void;
  remove(item: Due): void;
  /** Tells everything under way that a node has left. */
  nodeLeft(name: string): void;
  readonly size: number;
  stop(): void;
}

/**
 * Starts the sweep. `onDue` either moves `dueAt` or removes the item; items left alone are called again next tick.
 * An array with swapping removal: a `Set` that grows and shrinks all the time keeps its dead tables alive in the old
 * generation, and was measured to cost four times the garbage collection.
 */
export function startTimerSweep(clock: Clock, tickMs = 25): TimerSweep {
  const items: Due[] = [];
  const cancel: Cancel = clock.every(tickMs, () => {
    if (items.length === 0) return;
    const now = clock.monotonic();
    // Backwards: what is removed is replaced by one that was looked at already.
    for (let i = items.length - 1; i >= 0; i--) {
      const item = items[i];
      if (item && item.dueAt <= now) item.onDue(now);
    }
  });
  return {
    add(item) {
      if (item.sweepIndex !== -1) return;
      item.sweepIndex = items.length;
      items.push(item);
    },
    remove(item) {
      const at = item.sweepIndex;
      if (at === -1) return;
      item.sweepIndex = -1;
      const last = items.pop() as Due;
      if (last === item) return;
      items[at] = last;
      last.sweepIndex = at;
    },
    nodeLeft(name) {
      for (const item of items.slice()) item.onNodeLeft?.(name);
    },
    get size() {
      return items.length;
    },
    stop: cancel,
  };
}
