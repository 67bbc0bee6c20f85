import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Cancel, Clock } from "../../lib/clock.ts";
import { diffConfig, type ConfigChange } from "./diff.ts";
import { loadConfig, type ConfigNeed, type ValidConfig } from "./load.ts";
import { formatProblems, type ConfigProblem } from "./problem.ts";
import type { Env, ReadFile } from "./secrets.ts";

export type ReloadOutcome =
  | { kind: "unchanged" }
  | { kind: "changed"; loaded: ValidConfig; changes: readonly ConfigChange[] }
  | { kind: "refused"; problems: readonly ConfigProblem[] };

export interface WatchOptions {
  /** What runs now. */
  initial: ValidConfig;
  env: Env;
  clock: Clock;
  signal: AbortSignal;
  /** A good file that differs was read. `changes` is empty where only comments or order changed. */
  onChange: (loaded: ValidConfig, changes: readonly ConfigChange[]) => void;
  /** The file is bad and the old configuration stays; called with an empty list when the file is good again. */
  onProblem: (problems: readonly ConfigProblem[]) => void;
  /** A callback threw. Watching goes on. */
  onError: (error: unknown) => void;
  readFile?: ReadFile;
  /** Everything, unless said otherwise. */
  need?: ConfigNeed;
  /** A changed file must stay the same for this long before it is read, because editors write in steps. */
  debounceMs?: number;
  /** For what the system does not report: network file systems, symbolic links to elsewhere, secret files. */
  pollMs?: number;
}

export interface ConfigWatch {
  /** The configuration in force. */
  current(): ValidConfig;
  /** Reads the file now, as SIGHUP asks for, and always says what came of it. */
  reload(): Promise<ReloadOutcome>;
}

/**
 * Re-reads the configuration when its file or a secret file changes. The folder is watched rather than the file: editors
 * rename, deployments replace, and Kubernetes swaps a symbolic link, and each would leave a watch on a file that is gone.
 */
export function watchConfig(path: string, options: WatchOptions): ConfigWatch {
  const { clock, signal, debounceMs = 200, pollMs = 5_000 } = options;
  let current = options.initial;
  let files = current.files;
  let lastProblems = "";
  let lastStamp = "";
  let unsettledStamp = "";
  let queue: Promise<unknown> = Promise.resolve();
  let cancelDebounce: Cancel | undefined;

  async function read(isForced: boolean): Promise<ReloadOutcome> {
    const stamp = await stampOf(files);
    if (!isForced && stamp === lastStamp) return { kind: "unchanged" };
    // Half a file can be valid and name fewer nodes: it is read only when two looks in a row found it the same.
    if (!isForced && stamp !== unsettledStamp) {
      unsettledStamp = stamp;
      lookSoon();
      return { kind: "unchanged" };
    }
    const loaded = await loadConfig(path, options.env, options.readFile, options.need);
    if (loaded.files.join() === files.join()) lastStamp = stamp;
    else ((files = loaded.files), (lastStamp = await stampOf(files)));
    if (signal.aborted) return { kind: "unchanged" };
    const { config, problems } = loaded;
    if (!config) return refuse(problems, isForced);
    return accept({ ...loaded, config });
  }

  function refuse(problems: readonly ConfigProblem[], isForced: boolean): ReloadOutcome {
    const text = formatProblems(problems);
    if (isForced || text !== lastProblems) options.onProblem(problems);
    lastProblems = text;
    return { kind: "refused", problems };
  }

  function accept(loaded: ValidConfig): ReloadOutcome {
    const changes = diffConfig(current.config, loaded.config);
    if (lastProblems !== "") {
      lastProblems = "";
      options.onProblem([]);
    }
    if (changes.length === 0 && loaded.revision === current.revision) return { kind: "unchanged" };
    current = loaded;
    options.onChange(loaded, changes);
    return { kind: "changed", loaded, changes };
  }

  /** One reading after the other: two at once could put an older file in force after a newer one. */
  function enqueue(isForced: boolean): Promise<ReloadOutcome> {
    const result = queue.then(() => read(isForced));
    queue = result.catch(() => undefined);
    return result;
  }

  function look(): void {
    if (!signal.aborted) enqueue(false).catch(options.onError);
  }

  function lookSoon(): void {
    cancelDebounce?.();
    if (!signal.aborted) cancelDebounce = clock.after(debounceMs, look);
  }

  const stopWatching = watchFolder(dirname(resolve(path)), lookSoon);
  const stopPolling = clock.every(pollMs, look);
  signal.addEventListener("abort", () => (stopWatching(), stopPolling(), cancelDebounce?.()), { once: true });
  // The file may have changed between the first reading and now.
  look();
  return { current: () => current, reload: () => enqueue(true) };
}

/** Polling stands in where the folder cannot be watched (no watches left, folder gone). */
function watchFolder(folder: string, onEvent: () => void): Cancel {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}

/** Changes when any of the files does; symbolic links are followed. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      try {
        const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
        return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
      } catch {
        return "missing";
      }
    }),
  );
  return stamps.join(" ");
}
