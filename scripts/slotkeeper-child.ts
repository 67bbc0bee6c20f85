import { spawn } from "node:child_process";
import { join } from "node:path";

export interface SlotkeeperChild {
  readonly pid: number;
  /** Its exit status; 128 plus the number of the signal is not known here, so a signal reads as 1. */
  readonly exited: Promise<number>;
  /** SIGTERM; SIGKILL after a minute, which is longer than any drain. */
  stop(): Promise<number>;
}

export interface SlotkeeperChildOptions {
  /** Where its log goes: shown by default, or into this file descriptor. */
  logFd?: number;
}

/** Runs `slotkeeper ARGS` on the Node that runs this. */
export function startSlotkeeper(args: readonly string[], { logFd }: SlotkeeperChildOptions = {}): SlotkeeperChild {
  const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
  const output = logFd ?? "inherit";
  // The channel tells it when this process is gone, however that came about.
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", output, output, "ipc"] });
  child.channel?.unref();
  const exited = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
  return {
    pid: child.pid ?? 0,
    exited,
    stop() {
      child.kill("SIGTERM");
      const giveUp = setTimeout(() => child.kill("SIGKILL"), 60_000);
      return exited.finally(() => clearTimeout(giveUp));
    },
  };
}
