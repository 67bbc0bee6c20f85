import { useSyncExternalStore } from "react";
import { serverNow } from "./server-clock.ts";

/** One timer for the whole page: every clock face and every age steps in the same frame, on the server's clock. */
function startTicker(periodMs: number) {
  const listeners = new Set<() => void>();
  let now = serverNow();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    now = serverNow();
    for (const listener of listeners) listener();
    timer = setTimeout(tick, periodMs - (now % periodMs));
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) tick();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    now: () => now,
  };
}

const seconds = startTicker(1_000);

/** The server's time in ms, stepping each second. */
export const useNow = (): number => useSyncExternalStore(seconds.subscribe, seconds.now);
/** What is told of the time, when that changes: a page is not rendered anew each second to find the same. */
export const useOfNow = <T extends string | number | boolean>(tell: (now: number) => T): T =>
  useSyncExternalStore(seconds.subscribe, () => tell(seconds.now()));
