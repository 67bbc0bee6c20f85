import { rm } from "node:fs/promises";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { describeError } from "../../lib/app-error.ts";
import type { ReplayStore } from "./replay-store.ts";
import { loadSnapshot, writeSnapshot } from "./snapshot.ts";

export interface SnapshotKeeper {
  /** Seconds for which changes have been waiting to be written; 0 when all is on disk. */
  ageS(): number;
  /** Writes to `path`, and from then on only to the file beside it that `takeLeftovers` reads in another process. */
  giveUp(): Promise<void>;
  /** Writes to `path` again. */
  resume(): void;
  /** Writes what is left. */
  stop(): Promise<void>;
}

/** Where a process that gave up `path` writes what it is still told. */
const leftoversOf = (path: string): string => `${path}.left`;

/** Takes in the leftovers of another process; newest wins. Returns what went wrong in a sentence, or `undefined`. */
export async function takeLeftovers(path: string, store: ReplayStore): Promise<string | undefined> {
  const problem = await loadSnapshot(leftoversOf(path), store);
  await rm(leftoversOf(path), { force: true });
  return problem;
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
  let target = path;

  async function write(): Promise<void> {
    const { revision } = store;
    try {
      await writeSnapshot(target, store, clock);
      written = revision;
      dirtySince = store.revision === revision ? undefined : clock.monotonic();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.error(
          { path: target, error: describeError(error) },
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
    async giveUp() {
      await running;
      if (store.revision !== written) await write();
      target = leftoversOf(path);
    },
    resume() {
      target = path;
      // What went to the other file meanwhile belongs into this one too.
      written = -1;
    },
    async stop() {
      cancel();
      await running;
      if (store.revision !== written) await write();
    },
  };
}
