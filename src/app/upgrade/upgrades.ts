import { describeError } from "../../lib/app-error.ts";
import type { UpgradeLine } from "./launcher-socket.ts";

export interface Upgrades {
  /** Starts one, or follows the one under way: `write` gets its lines so far, and then each as it comes. */
  request(write?: (line: UpgradeLine) => void): void;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/** One upgrade at a time, however many ask; each hears how it ends. `run` rejects where it came to nothing. */
export function createUpgrades(run: (progress: (text: string) => void) => Promise<string>): Upgrades {
  let current: { lines: UpgradeLine[]; writers: Set<(line: UpgradeLine) => void>; ended: Promise<void> } | undefined;

  function start(): NonNullable<typeof current> {
    const lines: UpgradeLine[] = [];
    const writers = new Set<(line: UpgradeLine) => void>();
    const write = (line: UpgradeLine) => {
      lines.push(line);
      for (const each of writers) each(line);
    };
    const ended = run((text) => write({ kind: "progress", text }))
      .then(
        (text) => write({ kind: "done", text }),
        (error: unknown) => write({ kind: "failed", text: describeError(error) }),
      )
      .finally(() => (current = undefined));
    return (current = { lines, writers, ended });
  }

  return {
    request(write) {
      const upgrade = current ?? start();
      if (!write) return;
      for (const line of upgrade.lines) write(line);
      upgrade.writers.add(write);
    },
    settled: async () => current?.ended,
  };
}
