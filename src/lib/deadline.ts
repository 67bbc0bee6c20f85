import type { Clock } from "./clock.ts";

/**
 * Does something under a signal that is aborted after `ms` by the clock, or earlier with `signal`. The timer is gone when the
 * work has ended, however it ended.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const cancel = clock.after(ms, () => deadline.abort());
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } finally {
    cancel();
  }
}
