import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface RunningCommand {
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the first match in what it writes to either stream, from its start on; rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit status, or the signal's name. */
  ended: Promise<number | string>;
}

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** For tests: runs `slotkeeper ARGUMENTS` as a real process in `folder`. */
export function runCommand(folder: string, ...args: string[]): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      for (const listener of listeners) listener();
    });
  const ended = once(child, "close").then(([code, signal]) => (signal ?? code) as number | string);
  return {
    process: child,
    output: () => ({ ...text }),
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text.stdout) ?? pattern.exec(text.stderr);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then((how) => reject(new Error(`ended with ${how} without saying ${pattern}:\n${text.stderr}`)));
      }),
  };
}

/**
 * Resolves when the process has ended. One that its new parent has not collected yet still has an id, and closing its
 * files comes a moment before its end: so its state is read until it is one of the dead ones (proc(5)).
 */
export async function whenGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise(setImmediate);
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
