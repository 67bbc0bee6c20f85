import { describeError } from "../../lib/app-error.ts";
import type { Logger } from "../../lib/log.ts";

/** Work that comes round by the clock. One that still runs is not begun again; `idle` waits for those that run. */
export function createChores(log: Logger): {
  add(what: string, work: () => Promise<void>): () => void;
  idle(): Promise<void>;
} {
  const running = new Map<string, Promise<void>>();
  return {
    add: (what, work) => () => {
      if (running.has(what)) return;
      const done = work()
        .catch((error: unknown) => log.error({ error: describeError(error) }, `${what} failed`))
        .finally(() => running.delete(what));
      running.set(what, done);
    },
    async idle() {
      await Promise.all(running.values());
    },
  };
}
