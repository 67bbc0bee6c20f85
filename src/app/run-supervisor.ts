import { join } from "node:path";
import { AppError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { createLogger } from "../lib/log.ts";
import { bindListeners, type HeldListener } from "./bind-listeners.ts";
import { apiListener, groupListener } from "./inherited-listeners.ts";
import { onStopSignals } from "./stop-signals.ts";
import { superviseChild, type RoleName, type SupervisedChild } from "./supervised-child.ts";
import { readSupervisorPlan } from "./supervisor-plan.ts";

const monitorGraceMs = 10_000;
/** Above the gateway's own drain bound of two 12 s slots. */
const gatewayGraceMs = 30_000;

/** Validator clients wait for the gateway: six missed heartbeats. The monitor may block longer, in a long query. */
const silenceMs: Readonly<Record<RoleName, number>> = { gateway: 6_000, monitor: 15_000 };

/** Small heaps: garbage is collected sooner, and a leak ends in a restart of one role instead of a full machine. */
const nodeFlags: Readonly<Record<RoleName, readonly string[]>> = {
  gateway: ["--max-semi-space-size=8", "--max-old-space-size=1024"],
  monitor: ["--max-semi-space-size=4", "--max-old-space-size=512"],
};

/**
 * `slotkeeper up`: binds every listener, runs gateway and monitor as children, restarts them when they die, and stops them
 * in order. Resolves with the exit status: 0 when all ended well, 1 when something had to be killed, 130 after a second
 * Ctrl-C. Throws `AppError` when the start fails.
 */
export async function runSupervisor(configPath: string): Promise<number> {
  process.title = "slotkeeper up";
  process.umask(0o077);
  const stop = onStopSignals();
  const plan = await readSupervisorPlan(configPath, stop.signal);
  const log = createLogger(plan.logLevel, { role: "up" });
  const listeners = await bindListeners(plan.listeners);
  const children: SupervisedChild[] = [];
  stop.onSecond(() => {
    for (const child of children) child.kill();
  });
  process.on("SIGHUP", () => {
    for (const pid of children.map((child) => child.pid())) if (pid !== undefined) process.kill(pid, "SIGHUP");
  });
  // Compiled code is kept on disk: children start faster, and without the type stripper in their memory.
  const env = { NODE_COMPILE_CACHE: join(plan.dataFolder, "compile-cache"), ...process.env };

  async function start(role: RoleName, isOurs: (listener: HeldListener) => boolean): Promise<void> {
    const parts = { clock: systemClock, random: Math.random, log, env, configPath };
    const child = superviseChild({
      role,
      listeners: listeners.filter(isOurs),
      nodeFlags: nodeFlags[role],
      silenceMs: silenceMs[role],
      ...parts,
    });
    children.push(child);
    if ((await Promise.race([child.firstReady, stop.requested])) === false)
      throw new AppError(`start the ${role}: it cannot run like this, see its message above`, { code: "start-failed" });
  }

  // The clock's timers do not keep a process alive, and between two starts no child does either.
  const keepAlive = setInterval(() => {}, 2 ** 30);
  let isClean = true;
  try {
    await start("gateway", ({ name }) => name !== apiListener);
    if (!stop.signal.aborted) await start("monitor", ({ name }) => name === apiListener);
    if (!stop.signal.aborted) process.stdout.write(greeting(listeners));
    await stop.requested;
    log.info("stopping: the monitor first, then the gateway drains");
  } finally {
    for (const child of children.reverse()) {
      const didLeave = await child.stop(child.role === "gateway" ? gatewayGraceMs : monitorGraceMs);
      isClean &&= didLeave;
    }
    for (const listener of listeners) listener.close();
    clearInterval(keepAlive);
    stop.dispose();
  }
  return stop.isImmediate() ? 130 : isClean ? 0 : 1;
}

function greeting(listeners: readonly HeldListener[]): string {
  const urlOf = ({ host, port }: HeldListener) => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const lines = listeners.map((listener) =>
    listener.name === apiListener
      ? `  web page and API   ${urlOf(listener)}`
      : `  beacon node URL    ${urlOf(listener)}   for validator clients (${listener.name.replace(groupListener(""), "group ")})`,
  );
  return `Slotkeeper is up.\n${lines.join("\n")}\n`;
}
