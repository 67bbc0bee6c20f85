import type { ChildProcess } from "node:child_process";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { backoffMs } from "../lib/retry.ts";
import { hopelessExitCode, inUseExitCode } from "./exit-codes.ts";
import type { RoleMessage } from "./role-messages.ts";
import { spawnRole, type RoleLaunch, type RoleName } from "./spawn-role.ts";
import { watchHeartbeat, type HeartbeatWatch } from "./watch-heartbeat.ts";

export interface SupervisedChild {
  readonly role: RoleName;
  /** Resolves true at the first readiness, false when the first start is hopeless, finds something in use, or the child was stopped before. */
  readonly firstReady: Promise<boolean>;
  /** How that first start ended. */
  firstStatus(): number | undefined;
  pid(): number | undefined;
  /** Undefined between two starts. */
  process(): ChildProcess | undefined;
  /** Ready, and heard of within its silence. */
  isAlive(): boolean;
  /** Until `replace` or `keep`, another process is about to take over: the end of this one is not followed by a start. */
  beginReplacing(): void;
  keep(): void;
  /** Supervises `next`, which is ready, and returns the process before it, which is the caller's from now on. */
  replace(next: ChildProcess, launch: RoleLaunch): ChildProcess | undefined;
  /** Asks the child to drain; kills it after `graceMs`. True when it left by itself. Never restarts afterwards. */
  stop(graceMs: number): Promise<boolean>;
  /** SIGKILL now. */
  kill(): void;
}

interface ChildOptions extends RoleLaunch {
  /** A child that has been ready and says nothing for so long hangs, and is killed. */
  silenceMs: number;
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
  let launch: RoleLaunch = options;
  let child: ChildProcess | undefined;
  let isStopping = false;
  let isReplacing = false;
  let wasReady = false;
  let attempt = 0;
  let cancelRestart = () => {};
  const first = Promise.withResolvers<boolean>();
  let left = Promise.withResolvers<void>();
  let heartbeat: HeartbeatWatch | undefined;
  let wasKilled = false;
  let firstStatus: number | undefined;
  let isReady = false;
  let heardAt = 0;

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
    isReady = false;
    supervise(spawnRole(launch), startSilenceMs);
  }

  function supervise(started: ChildProcess, silenceMs: number): void {
    const startedAt = clock.monotonic();
    left = Promise.withResolvers();
    child = started;
    const watch = (heartbeat = watchHeartbeat(clock, silenceMs, killSilent));
    started.on("message", (message: RoleMessage) => {
      if (child !== started) return;
      watch.heard();
      heardAt = clock.monotonic();
      if (message.kind !== "ready") return;
      watch.allow(options.silenceMs);
      isReady = true;
      if (wasReady) log.info({ child: role, pid: started.pid }, `${role} is back`);
      wasReady = true;
      first.resolve(true);
    });
    const ends = (how: string, code?: number | null) => void (child === started && ended(how, startedAt, code));
    // Spawning may fail as a whole (no memory, no file handles): then no exit follows.
    started.once("error", (error) => started.pid === undefined && ends(error.message));
    started.once("exit", (code, signal) => ends(signal ?? `status ${code}`, code));
    // It ended while it was handed over: nobody else will say so.
    if (started.exitCode !== null || started.signalCode !== null)
      ends(started.signalCode ?? `status ${started.exitCode}`, started.exitCode);
  }

  function ended(how: string, startedAt: number, code: number | null = null): void {
    heartbeat?.stop();
    child = undefined;
    isReady = false;
    left.resolve();
    if (isStopping) return first.resolve(false);
    if (!wasReady && (code === hopelessExitCode || code === inUseExitCode)) {
      firstStatus = code;
      return first.resolve(false);
    }
    if (clock.monotonic() - startedAt > provenAfterMs) attempt = 0;
    if (isReplacing) return log.error({ child: role, how }, `${role} ended (${how}) while another was to take over`);
    const waitMs = backoffMs(attempt++, firstRestartMs, maxRestartMs, random);
    log.error({ child: role, how, attempt, waitMs: Math.round(waitMs) }, `${role} ended (${how}); starting it again`);
    cancelRestart = clock.after(waitMs, start);
  }

  start();
  return {
    role,
    firstReady: first.promise,
    firstStatus: () => firstStatus,
    pid: () => child?.pid,
    process: () => child,
    isAlive: () => isReady && clock.monotonic() - heardAt < options.silenceMs,
    beginReplacing() {
      isReplacing = true;
      cancelRestart();
    },
    keep() {
      isReplacing = false;
      if (!child && !isStopping) start();
    },
    replace(next, nextLaunch) {
      const before = child;
      heartbeat?.stop();
      isReplacing = false;
      launch = nextLaunch;
      attempt = 0;
      isReady = true;
      heardAt = clock.monotonic();
      supervise(next, options.silenceMs);
      if (isStopping) next.kill("SIGTERM");
      return before;
    },
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
