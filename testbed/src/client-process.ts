import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { DevnetError } from "./devnet-error.ts";
import type { ClientExit, RunningClient } from "./devnet-types.ts";
import type { ProcessGuard } from "./process-guard.ts";

export type ClientCommand = {
  name: string;
  /** Arguments of Node. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  logFile: string;
  guard: ProcessGuard;
};

export type ClientProcess = RunningClient & {
  /** Starts the command; throws if it already runs. */
  start(): void;
  /** Resolves when the present process ends; at once if there is none. */
  ended(): Promise<ClientExit>;
  /** Why the last process ended; null while one runs or before the first. */
  lastExit(): ClientExit | null;
};

/** The process's own part of a node or a validator client, with `own` added; getters stay getters. */
export function asClient<T extends object>(client: ClientProcess, own: T): RunningClient & T {
  const { name, logFile, logLines, kill, stop, freeze, thaw } = client;
  const running: RunningClient = {
    ...{ name, logFile, logLines, kill, stop, freeze, thaw },
    get pid() {
      return client.pid;
    },
    get isUp() {
      return client.isUp;
    },
    get isFrozen() {
      return client.isFrozen;
    },
  };
  return Object.defineProperties(running, Object.getOwnPropertyDescriptors(own)) as RunningClient & T;
}

type Running = { child: ChildProcess; pid: number; exit: Promise<ClientExit>; isFrozen: boolean };

/** One client with its start, signals and log. It stays in our process group and ends with us (see process-guard.ts). */
export function createClientProcess(command: ClientCommand): ClientProcess {
  const { name, logFile } = command;
  let running: Running | null = null;
  let last: ClientExit | null = null;

  const need = (): Running => {
    if (running === null) throw new DevnetError("not-running", `${name} is not running; restart it first`);
    return running;
  };
  const ended = async (): Promise<ClientExit> =>
    running === null ? (last ?? { code: null, signal: null }) : running.exit;
  const kill = (): Promise<ClientExit> => {
    running?.child.kill("SIGKILL");
    return ended();
  };
  const thaw = (): void => {
    const target = need();
    target.child.kill("SIGCONT");
    target.isFrozen = false;
  };

  return {
    name,
    logFile,
    get pid() {
      return running?.pid ?? null;
    },
    get isUp() {
      return running !== null && !running.isFrozen;
    },
    get isFrozen() {
      return running?.isFrozen ?? false;
    },
    start: () => {
      if (running !== null) throw new DevnetError("bad-option", `${name} already runs as process ${running.pid}`);
      last = null;
      const started = spawnClient(command);
      running = started;
      void started.exit.then((exit) => {
        command.guard.forget(started.pid);
        last = exit;
        running = null;
      });
    },
    ended,
    lastExit: () => last,
    kill,
    stop: async (graceMs = 10_000) => {
      if (running === null) return ended();
      if (running.isFrozen) thaw();
      running.child.kill("SIGTERM");
      const timer = setTimeout(() => void kill(), graceMs);
      try {
        return await ended();
      } finally {
        clearTimeout(timer);
      }
    },
    freeze: () => {
      const target = need();
      target.child.kill("SIGSTOP");
      target.isFrozen = true;
    },
    thaw,
    logLines: async (pattern) => {
      const text = stripVTControlCharacters(await readFile(logFile, "utf8").catch(() => ""));
      const lines = text.split("\n").filter((line) => line !== "");
      return pattern === undefined ? lines : lines.filter((line) => pattern.test(line));
    },
  };
}

function spawnClient(command: ClientCommand): Running {
  const log = openSync(command.logFile, "a");
  try {
    const env = { ...process.env, ...command.env, SLOTKEEPER_END_WITH_STDIN: "1" };
    const child = spawn(process.execPath, command.args, { env, stdio: ["pipe", log, log] });
    if (child.pid === undefined) {
      child.on("error", () => undefined);
      throw new DevnetError(
        "client-ended",
        `Start ${command.name}: no process was made; see ulimit -u and free memory`,
      );
    }
    command.guard.watch(child.pid);
    child.stdin?.on("error", () => undefined);
    const exit = new Promise<ClientExit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    return { child, pid: child.pid, exit, isFrozen: false };
  } finally {
    closeSync(log);
  }
}
