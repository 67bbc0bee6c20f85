import type { Clock } from "../lib/clock.ts";

export interface HeartbeatWatch {
  /** Something was heard: the count starts anew. */
  heard(): void;
  /** How long it may be silent from now on, ms. */
  allow(silenceMs: number): void;
  stop(): void;
}

const looksPerSilence = 6;

/**
 * Calls `onSilent` once when nothing was heard for `silenceMs`, looking six times in that span. A look that is late itself
 * (the machine was suspended, or this process starved) proves nothing about the other side: the count starts anew.
 */
export function watchHeartbeat(
  clock: Clock,
  silenceMs: number,
  onSilent: (silentForMs: number) => void,
): HeartbeatWatch {
  let allowedMs = silenceMs;
  let lastHeardAt = clock.monotonic();
  let lastLookAt = lastHeardAt;
  let cancel = () => {};

  function lookLater(): void {
    const periodMs = allowedMs / looksPerSilence;
    cancel = clock.after(periodMs, () => {
      const now = clock.monotonic();
      if (now - lastLookAt > 2 * periodMs) lastHeardAt = now;
      lastLookAt = now;
      if (now - lastHeardAt >= allowedMs) return onSilent(now - lastHeardAt);
      lookLater();
    });
  }

  lookLater();
  return {
    heard() {
      lastHeardAt = clock.monotonic();
    },
    allow(nextMs) {
      cancel();
      allowedMs = nextMs;
      lastHeardAt = lastLookAt = clock.monotonic();
      lookLater();
    },
    stop: () => cancel(),
  };
}
