import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { describeError } from "../../lib/app-error.ts";
import type { ReplayStore } from "./replay-store.ts";
import { writeSnapshot } from "./snapshot.ts";

export interface SnapshotKeeper {
  /** Seconds for which changes have been waiting to be written; 0 when all is on disk. */
  ageS(): number;
  /** Writes what is left. */
  stop(): Promise<void>;
}

/** Writes the store every `periodMs` if it changed. A failed write is said once and tried again. */
export function keepSnapshots(
  path: string,
  store: ReplayStore,
  clock: Clock,
  log: Logger,
  periodMs: number,
): SnapshotKeeper {
  let written = store.revision;
  let dirtySince: number | undefined;
  let running: Promise<void> | undefined;
  let hasFailed = false;

  async function write(): Promise<void> {
    const { revision } = store;
    try {
      await writeSnapshot(path, store, clock);
      written = revision;
      dirtySince = store.revision === revision ? undefined : clock.monotonic();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.error(
          { path, error: describeError(error) },
          "the replay store cannot be written; free the disk or correct its rights",
        );
      hasFailed = true;
    }
  }

  function tick(): void {
    store.expire();
    if (store.revision === written) return;
    dirtySince ??= clock.monotonic();
    running ??= write().finally(() => (running = undefined));
  }

  const cancel = clock.every(periodMs, tick);
  return {
    ageS: () => (dirtySince === undefined ? 0 : (clock.monotonic() - dirtySince) / 1000),
    async stop() {
      cancel();
      await running;
      if (store.revision !== written) await write();
    },
  };
}
