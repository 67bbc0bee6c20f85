import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { listenUrl } from "../fleet/listen-address.ts";
import { AppError, describeError } from "../lib/app-error.ts";
import { systemClock } from "../lib/clock.ts";
import { createLogger } from "../lib/log.ts";
import { bindListeners, type HeldListener } from "./bind-listeners.ts";
import { exitStatusOf } from "./exit-codes.ts";
import { apiListener, groupListener } from "./inherited-listeners.ts";
import { takeOverEnv } from "./role-messages.ts";
import type { RoleLaunch, RoleName } from "./spawn-role.ts";
import { onStopSignals } from "./stop-signals.ts";
import { superviseChild, type SupervisedChild } from "./supervised-child.ts";
import { readSupervisorPlan, type SupervisorPlan } from "./supervisor-plan.ts";
import { serviceManagerVariables, tellServiceManager } from "./tell-service-manager.ts";
import { launcherSocketPath, openLauncherSocket } from "./upgrade/launcher-socket.ts";
import { programOnDisk } from "./upgrade/program-on-disk.ts";
import { runUpgrade } from "./upgrade/run-upgrade.ts";
import { createUpgrades } from "./upgrade/upgrades.ts";

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
 * `slotkeeper up` and `slotkeeper gateway`: binds the listeners, runs the roles as children, restarts them when they die,
 * replaces the gateway on SIGUSR2 or `slotkeeper gateway upgrade`, and stops them in order. Resolves with the exit status:
 * 0 when all ended well, 1 when something had to be killed, 130 after a second Ctrl-C, and what `exitStatusOf` says of a
 * start that failed.
 */
export async function runSupervisor(configPath: string, roles: readonly RoleName[]): Promise<number> {
  const command = roles.length > 1 ? "up" : (roles[0] ?? "up");
  process.title = `slotkeeper ${command}`;
  process.umask(0o077);
  const stop = onStopSignals();
  // Started by another program of ours: without it there is nobody to serve.
  process.once("disconnect", stop.request);
  try {
    return await supervise(configPath, roles, command, stop);
  } catch (error) {
    const code = error instanceof AppError ? ` (${error.code})` : "";
    process.stderr.write(`slotkeeper: ${describeError(error)}${code}\n`);
    return error instanceof FailedStart ? error.status : exitStatusOf(error);
  } finally {
    stop.dispose();
    process.off("disconnect", stop.request);
    if (process.connected) process.disconnect?.();
  }
}

/** The child has said why; its status is passed on. */
class FailedStart extends AppError {
  readonly status: number;
  constructor(role: RoleName, status: number | undefined) {
    super(`start the ${role}: it cannot run like this, see its message above`, { code: "start-failed" });
    this.status = status ?? 1;
  }
}

async function supervise(
  configPath: string,
  roles: readonly RoleName[],
  command: string,
  stop: ReturnType<typeof onStopSignals>,
): Promise<number> {
  const plan = await readSupervisorPlan(configPath, stop.signal, programOnDisk());
  const log = createLogger(plan.logLevel, { role: command === "gateway" ? "launcher" : command });
  let listeners = await bindListeners(heldBy(roles, plan));
  const children: SupervisedChild[] = [];
  const leaving = new Set<ChildProcess>();
  // Compiled code is kept on disk: children start faster, and without the type stripper in their memory.
  const env = childEnv(plan.dataFolder);
  const isAlive = () => children.find(({ role }) => role === "gateway")?.isAlive() ?? false;
  const service = tellServiceManager(systemClock, process.env, isAlive);

  const launchOf = (role: RoleName): RoleLaunch => ({
    ...{ role, configPath, env, nodeFlags: nodeFlags[role], program: programOnDisk() },
    listeners: listeners.filter(({ name }) => (role === "monitor") === (name === apiListener)),
  });

  async function start(role: RoleName): Promise<void> {
    const parts = { clock: systemClock, random: Math.random, log, silenceMs: silenceMs[role] };
    const child = superviseChild({ ...launchOf(role), ...parts });
    children.push(child);
    if ((await Promise.race([child.firstReady, stop.requested])) === false)
      throw new FailedStart(role, child.firstStatus());
  }

  const upgrades = createUpgrades(async (progress) => {
    const child = children.find(({ role }) => role === "gateway");
    if (!child || stop.signal.aborted) throw new AppError("Slotkeeper is stopping", { code: "upgrade-failed" });
    service?.status("upgrading");
    const before = listeners;
    try {
      const next = await readSupervisorPlan(configPath, stop.signal, programOnDisk());
      // A reading that failed wrote its reasons into the log.
      listeners = await bindListeners(heldBy(roles, next), before);
      const parts = { child, clock: systemClock, log, signal: stop.signal, progress, leaveMs: gatewayGraceMs };
      const { leaving: old, left } = await runUpgrade({ ...parts, launch: launchOf("gateway") });
      if (old) leaving.add(old);
      await left;
      if (old) leaving.delete(old);
      for (const listener of before) if (!listeners.includes(listener)) listener.close();
      log.info({ pid: child.pid() }, "the gateway is upgraded");
      return `the gateway is upgraded, process ${child.pid() ?? "unknown"}`;
    } catch (error) {
      for (const listener of listeners) if (!before.includes(listener)) listener.close();
      listeners = before;
      log.error({ error: describeError(error) }, "the gateway was not upgraded");
      throw error;
    } finally {
      service?.status("serving");
    }
  });

  stop.onSecond(() => {
    for (const child of children) child.kill();
    for (const old of leaving) old.kill("SIGKILL");
  });
  const reload = () => {
    for (const pid of children.map((child) => child.pid())) if (pid !== undefined) process.kill(pid, "SIGHUP");
  };
  const upgrade = () => upgrades.request();
  process.on("SIGHUP", reload).on("SIGUSR2", upgrade);

  // The clock's timers do not keep a process alive, and between two starts no child does either.
  const keepAlive = setInterval(() => {}, 2 ** 30);
  let closeSocket = () => {};
  let isClean = true;
  try {
    closeSocket = await openLauncherSocket(launcherSocketPath(plan.dataFolder, plan.gateway), upgrades.request, log);
    for (const role of roles) if (!stop.signal.aborted) await start(role);
    if (!stop.signal.aborted) {
      service?.ready();
      process.stdout.write(greeting(command, listeners));
    }
    await stop.requested;
    log.info("stopping: the monitor first, then the gateway drains");
  } finally {
    service?.stopping();
    // The children have their own ends: once they stop accepting, new connections are refused instead of waiting for nobody.
    for (const listener of listeners) listener.close();
    for (const child of children.reverse()) {
      const didLeave = await child.stop(child.role === "gateway" ? gatewayGraceMs : monitorGraceMs);
      isClean &&= didLeave;
    }
    // One that was leaving already has been doing so meanwhile.
    await upgrades.settled();
    closeSocket();
    process.off("SIGHUP", reload).off("SIGUSR2", upgrade);
    clearInterval(keepAlive);
    service?.stop();
  }
  return stop.isImmediate() ? 130 : isClean ? 0 : 1;
}

/** The listeners of the roles that run here. */
function heldBy(roles: readonly RoleName[], { listeners }: SupervisorPlan): SupervisorPlan["listeners"] {
  return listeners.filter(({ name }) => roles.includes(name === apiListener ? "monitor" : "gateway"));
}

function childEnv(dataFolder: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: join(dataFolder, "compile-cache"), ...process.env };
  for (const name of [...serviceManagerVariables, takeOverEnv]) delete env[name];
  return env;
}

function greeting(command: string, listeners: readonly HeldListener[]): string {
  const urlOf = ({ host, port, planned: { isTls = false } }: HeldListener) => listenUrl({ host, port, isTls });
  const groupOf = ({ name }: HeldListener) => name.replace(groupListener(""), "");
  if (command === "gateway")
    return listeners
      .map((listener) => `Group ${groupOf(listener)} serves validator clients on ${urlOf(listener)}\n`)
      .join("");
  const lines = listeners.map((listener) =>
    listener.name === apiListener
      ? `  web page and API   ${urlOf(listener)}`
      : `  beacon node URL    ${urlOf(listener)}   for validator clients (group ${groupOf(listener)})`,
  );
  return `Slotkeeper is up.\n${lines.join("\n")}\n`;
}
