import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { backoffMs } from "../lib/retry.ts";
import type { HeldListener } from "./bind-listeners.ts";
import { hopelessExitCode, inUseExitCode } from "./exit-codes.ts";
import { inheritedEnv } from "./inherited-listeners.ts";
import type { RoleMessage } from "./role-messages.ts";
import { watchHeartbeat, type HeartbeatWatch } from "./watch-heartbeat.ts";

export type RoleName = "gateway" | "monitor";

export interface SupervisedChild {
  readonly role: RoleName;
  /** Resolves true at the first readiness, false when the first start is hopeless, finds something in use, or the child was stopped before. */
  readonly firstReady: Promise<boolean>;
  pid(): number | undefined;
  /** Asks the child to drain; kills it after `graceMs`. True when it left by itself. Never restarts afterwards. */
  stop(graceMs: number): Promise<boolean>;
  /** SIGKILL now. */
  kill(): void;
}

interface ChildOptions {
  role: RoleName;
  configPath: string;
  listeners: readonly HeldListener[];
  /** Node's own flags: heap bounds. */
  nodeFlags: readonly string[];
  /** A child that has been ready and says nothing for so long hangs, and is killed. */
  silenceMs: number;
  env: NodeJS.ProcessEnv;
  /** For tests: what runs instead of the role. */
  entry?: string;
  clock: Clock;
  random: () => number;
  log: Logger;
}

const firstRestartMs = 200;
const maxRestartMs = 10_000;
/** Until it is ready a child loads its program, which blocks its event loop, on a loaded machine for seconds. */
const startSilenceMs = 30_000;
/** A child that lived so long starts with a fresh backoff when it dies. */
const provenAfterMs = 30_000;

/** Keeps one role running until stopped: it never gives up, and says each time what happened. */
export function superviseChild(options: ChildOptions): SupervisedChild {
  const { role, clock, random, log } = options;
  let child: ChildProcess | undefined;
  let isStopping = false;
  let wasReady = false;
  let attempt = 0;
  let cancelRestart = () => {};
  const first = Promise.withResolvers<boolean>();
  let left = Promise.withResolvers<void>();
  let heartbeat: HeartbeatWatch | undefined;
  let wasKilled = false;

  /** Stopped, or its event loop stuck: no signal that it could answer helps, and its clients wait. */
  function killSilent(silentForMs: number): void {
    wasKilled = true;
    const silentMs = Math.round(silentForMs);
    log.error(
      { child: role, pid: child?.pid, silentMs },
      `${role} hangs: no sign of life for ${silentMs} ms; killing it`,
    );
    child?.kill("SIGKILL");
  }

  function start(): void {
    const startedAt = clock.monotonic();
    left = Promise.withResolvers();
    const started = spawnRole(options);
    child = started;
    const watch = (heartbeat = watchHeartbeat(clock, startSilenceMs, killSilent));
    started.on("message", (message: RoleMessage) => {
      watch.heard();
      if (message.kind !== "ready") return;
      watch.allow(options.silenceMs);
      if (wasReady) log.info({ child: role, pid: started.pid }, `${role} is back`);
      wasReady = true;
      first.resolve(true);
    });
    // Spawning may fail as a whole (no memory, no file handles): then no exit follows.
    started.once("error", (error) => started.pid === undefined && ended(error.message, startedAt));
    started.once("exit", (code, signal) => ended(signal ?? `status ${code}`, startedAt, code));
  }

  function ended(how: string, startedAt: number, code: number | null = null): void {
    heartbeat?.stop();
    child = undefined;
    left.resolve();
    if (isStopping) return first.resolve(false);
    if (!wasReady && (code === hopelessExitCode || code === inUseExitCode)) return first.resolve(false);
    if (clock.monotonic() - startedAt > provenAfterMs) attempt = 0;
    const waitMs = backoffMs(attempt++, firstRestartMs, maxRestartMs, random);
    log.error({ child: role, how, attempt, waitMs: Math.round(waitMs) }, `${role} ended (${how}); starting it again`);
    cancelRestart = clock.after(waitMs, start);
  }

  start();
  return {
    role,
    firstReady: first.promise,
    pid: () => child?.pid,
    kill: () => {
      isStopping = true;
      cancelRestart();
      child?.kill("SIGKILL");
    },
    async stop(graceMs) {
      isStopping = true;
      cancelRestart();
      if (!child) return true;
      child.kill("SIGTERM");
      wasKilled = false;
      const cancel = clock.after(graceMs, () => {
        wasKilled = true;
        log.error({ child: role, graceMs }, `${role} did not stop in time; killing it`);
        child?.kill("SIGKILL");
      });
      await left.promise;
      cancel();
      return !wasKilled;
    },
  };
}

function spawnRole({ role, configPath, listeners, nodeFlags, env, entry }: ChildOptions): ChildProcess {
  const firstFd = 4; // 0 to 2 are standard streams, 3 is the IPC channel.
  const inherited = Object.fromEntries(listeners.map(({ name }, index) => [name, firstFd + index]));
  const main = entry ?? fileURLToPath(new URL("role-main.ts", import.meta.url));
  return spawn(process.execPath, [...nodeFlags, main, role, configPath], {
    stdio: ["ignore", "inherit", "inherit", "ipc", ...listeners.map(({ fd }) => fd)],
    env: { ...env, [inheritedEnv]: JSON.stringify(inherited) },
  });
}
