import { spawn } from "node:child_process";
import type { Clock } from "../lib/clock.ts";

export interface ServiceManager {
  /** The start is over: units that wait for this one go on. */
  ready(): void;
  stopping(): void;
  /** One line that `systemctl status` shows. */
  status(text: string): void;
  stop(): void;
}

/**
 * Tells systemd how this process is (sd_notify(3)), where the unit is of `Type=notify`, and feeds its watchdog twice a
 * period while `isFine` says so. Node has no datagram sockets of the unix kind, so systemd's own program sends the
 * messages: the unit needs `NotifyAccess=all`. `undefined` where no service manager asks.
 */
export function tellServiceManager(
  clock: Clock,
  env: NodeJS.ProcessEnv,
  isFine: () => boolean = () => true,
  pid = process.pid,
): ServiceManager | undefined {
  if (!env["NOTIFY_SOCKET"]) return undefined;
  let isReady = false;
  let isSending = false;
  const send = (...lines: string[]): void => {
    const child = spawn("systemd-notify", lines, { stdio: "ignore", env, timeout: 5_000 });
    // Without the program systemd learns nothing and ends the unit by its own time limit, which says why.
    child.once("error", () => (isSending = false));
    child.once("exit", () => (isSending = false));
    child.unref();
  };
  const watchdogMs = Number(env["WATCHDOG_USEC"] ?? 0) / 1_000;
  const isForUs = env["WATCHDOG_PID"] === undefined || env["WATCHDOG_PID"] === String(pid);
  const cancel =
    watchdogMs > 0 && isForUs
      ? clock.every(watchdogMs / 3, () => {
          if (!isReady || isSending || !isFine()) return;
          isSending = true;
          send("WATCHDOG=1");
        })
      : () => {};
  return {
    ready() {
      isReady = true;
      send("READY=1", "STATUS=serving");
    },
    stopping: () => send("STOPPING=1", "STATUS=stopping: clients get their last answers"),
    status: (text) => send(`STATUS=${text.replaceAll("\n", " ")}`),
    stop: cancel,
  };
}

/** Variables that are for one process alone: children must not speak for it. */
export const serviceManagerVariables: readonly string[] = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];
