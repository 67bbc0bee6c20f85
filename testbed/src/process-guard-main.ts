// Runs as a process of its own; see process-guard.ts. Input lines: `watch PID START`, `forget PID`, `remove FOLDER`.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isSameProcess } from "./process-identity.ts";

const watched = new Map<number, string>();
let removeFolder: string | null = null;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [command, first = "", second = ""] = line.split(" ");
  if (command === "watch") watched.set(Number(first), second);
  if (command === "forget") watched.delete(Number(first));
  if (command === "remove") removeFolder = line.slice("remove ".length);
});
lines.on("close", () => void killWatched());

async function killWatched(): Promise<void> {
  for (const [pid, startTicks] of watched) {
    // The start time is compared right before the signal, so a pid that now means another process is left alone.
    if (!isSameProcess({ pid, startTicks })) watched.delete(pid);
    else process.kill(pid, "SIGKILL");
  }
  const isAnyLeft = (): boolean => [...watched].some(([pid, startTicks]) => isSameProcess({ pid, startTicks }));
  for (let i = 0; i < 100 && isAnyLeft(); i++) await sleep(50);
  if (removeFolder !== null) rmSync(removeFolder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}
