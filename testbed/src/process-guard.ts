import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readStartTicks } from "./process-identity.ts";

/**
 * A small process of its own that kills what we started when we are gone, however we went. It reads from a pipe whose
 * only writer is this process, so the kernel tells it of our end even after SIGKILL. Frozen children die as well:
 * SIGKILL reaches a stopped process.
 */
export type ProcessGuard = {
  readonly pid: number;
  watch(pid: number): void;
  forget(pid: number): void;
  /** Ends the guard, which kills whatever it still watches; resolves when it is gone. */
  close(): Promise<void>;
};

/** `removeFolder` is deleted by the guard at the end; give it only a folder made for this run. */
export function startProcessGuard(removeFolder: string | null): ProcessGuard {
  const program = fileURLToPath(new URL("./process-guard-main.ts", import.meta.url));
  // Detached: a Ctrl-C or a kill of our whole process group must not take the guard first.
  const guard = spawn(process.execPath, [program], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  const ended = once(guard, "exit");
  ended.catch(() => undefined);
  guard.unref();
  guard.stdin.on("error", () => undefined);
  const send = (line: string): void => {
    if (guard.stdin.writable) guard.stdin.write(`${line}\n`);
  };
  if (removeFolder !== null) send(`remove ${removeFolder}`);

  return {
    pid: guard.pid ?? 0,
    watch: (pid) => {
      const startTicks = readStartTicks(pid);
      if (startTicks !== null) send(`watch ${pid} ${startTicks}`);
    },
    forget: (pid) => send(`forget ${pid}`),
    close: async () => {
      guard.ref();
      guard.stdin.end();
      await ended.catch(() => undefined);
    },
  };
}
