/** Undoes what returned it; calling it again does nothing. */
export type Cancel = () => void;

/**
 * Time, passed in wherever it is needed so that judging is testable with a frozen clock.
 * `now` is wall-clock milliseconds since the Unix epoch (slots are counted from it); `monotonic` is milliseconds from an
 * arbitrary start that never jumps (deadlines and durations are measured with it).
 */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Calls `run` once, when what is already waiting to be read has been read. */
  soon(run: () => void): void;
  /** Calls `run` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, run: () => void): Cancel;
  /** Calls `run` every `periodMs`. The timer does not keep the process alive. */
  every(periodMs: number, run: () => void): Cancel;
  /** Resolves after `delayMs`, or at once when `signal` aborts: callers look at the signal, no error is thrown. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  soon: (run) => void setImmediate(run),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.max(0, delayMs)).unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return () => clearInterval(timer);
  },
  sleep(delayMs, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, delayMs));
      signal?.addEventListener("abort", finish, { once: true });
    });
  },
};
