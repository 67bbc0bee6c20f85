import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { describeError } from "../lib/app-error.ts";
import { systemClock, type Clock } from "../lib/clock.ts";
import { createLogger, type Logger } from "../lib/log.ts";
import { requireConfig, type ConfigNeed, type ValidConfig } from "./config/load.ts";
import { formatProblems } from "./config/problem.ts";
import { watchConfig } from "./config/watch.ts";
import { exitStatusOf } from "./exit-codes.ts";
import { inheritedEnv, parseInherited } from "./inherited-listeners.ts";
import { sendHeartbeat } from "./send-heartbeat.ts";
import { takeOverEnv, type RoleMessage, type Standing } from "./role-messages.ts";
import { onStopSignals } from "./stop-signals.ts";
import { tellServiceManager } from "./tell-service-manager.ts";
import { heedLauncher } from "./upgrade/heed-launcher.ts";
import type { RoleHandover, TakeOver } from "./upgrade/role-handover.ts";

/** What every role is started with. */
export interface RoleParts {
  loaded: ValidConfig;
  /** Sockets that a supervisor holds, by listener name. */
  inherited: ReadonlyMap<string, number>;
  clock: Clock;
  random: () => number;
  log: Logger;
  version: string;
  /** For a gateway that is to take over from a running one. */
  takeOver?: TakeOver;
}

export interface RunningRole {
  /** One line for a person who started the role by hand. */
  readonly greeting: string;
  /** What a person must read under a launcher too, which greets by itself: the link for the first admin. */
  readonly notice?: string | undefined;
  /** Takes over a changed config; what only a restart can change is logged. */
  reconfigure(loaded: ValidConfig): void;
  /** The newest file was refused; `undefined` clears it. */
  showConfigError(message: string | undefined): void;
  /** Drains and stops; nothing is left open. */
  stop(): Promise<void>;
  /** For a role that another process can take over from. */
  readonly handover?: RoleHandover;
}

/**
 * Runs one role until SIGTERM, SIGINT or the supervisor's end, and returns the exit status. Under a supervisor SIGINT is
 * left to it: a terminal sends Ctrl-C to every process at once, and the order of stopping is the supervisor's.
 */
export async function runRole(name: "gateway" | "monitor", configPath: string): Promise<number> {
  process.title = `slotkeeper ${name}`;
  // Whatever is written into the data folder is this user's alone.
  process.umask(0o077);
  const isSupervised = process.send !== undefined;
  const stop = onStopSignals({ ignoreInterrupt: isSupervised });
  if (isSupervised) process.once("disconnect", stop.request);
  stop.onSecond(() => process.exit(130));
  // The clock's timers do not keep a process alive; a role lives until it is told to stop.
  const keepAlive = setInterval(() => {}, 2 ** 30);
  const stopHeartbeat = isSupervised ? sendHeartbeat(systemClock, process) : () => {};
  const launcher = heedLauncher(process, stop.request);
  const failed = Promise.withResolvers<never>();
  // Heard once the role runs; before, its start fails by itself.
  failed.promise.catch(() => undefined);
  const service = isSupervised ? undefined : tellServiceManager(systemClock, process.env);
  try {
    const need = name === "monitor" ? "whole" : "without-alarms";
    const loaded = await requireConfig(configPath, process.env, undefined, need);
    const log = createLogger(loaded.config.server.logLevel, { role: name });
    for (const warning of loaded.warnings) log.warn(warning, "config weakness");
    const parts: RoleParts = {
      loaded,
      inherited: parseInherited(process.env[inheritedEnv]),
      clock: systemClock,
      random: Math.random,
      log,
      version: packageVersion(),
    };
    const standing = process.env[takeOverEnv];
    if (standing !== undefined) parts.takeOver = launcher.takeOver(JSON.parse(standing) as Standing, systemClock);
    const role = await startRole(name, parts, failed.reject);
    followConfig({ path: configPath, initial: loaded, need }, role, log, stop.signal);
    launcher.serve(role.handover);
    if (isSupervised) process.send?.({ kind: "ready" } satisfies RoleMessage);
    else process.stdout.write(role.greeting);
    process.stdout.write(role.notice ?? "");
    service?.ready();
    flushCompileCache();
    await Promise.race([stop.requested, failed.promise]);
    log.info("stopping");
    service?.stopping();
    await role.stop();
    log.info("stopped");
    return 0;
  } catch (error) {
    launcher.cannot(error);
    process.stderr.write(`slotkeeper ${name}: ${describeError(error)}\n`);
    return exitStatusOf(error);
  } finally {
    clearInterval(keepAlive);
    launcher.stop();
    service?.stop();
    stopHeartbeat();
    stop.dispose();
    if (process.connected) process.disconnect?.();
  }
}

/** Takes over a good new file, on change or SIGHUP; a bad one leaves the old config in force and is shown. */
function followConfig(
  { path, initial, need }: { path: string; initial: ValidConfig; need: ConfigNeed },
  role: RunningRole,
  log: Logger,
  signal: AbortSignal,
): void {
  const watch = watchConfig(path, {
    ...{ initial, need },
    env: process.env,
    clock: systemClock,
    signal,
    onChange(loaded, changes) {
      log.level = loaded.config.server.logLevel;
      role.reconfigure(loaded);
      const waiting = changes.filter(({ effect }) => effect === "restart").map(({ path: setting }) => setting);
      if (waiting.length > 0)
        log.warn({ settings: waiting }, "config taken over; these settings wait for the next start");
      else log.info({ settings: changes.map(({ path: setting }) => setting) }, "config taken over");
    },
    onProblem(problems) {
      role.showConfigError(problems.length === 0 ? undefined : formatProblems(problems));
      if (problems.length > 0) log.error({ problems }, "config file refused; the old config stays in force");
    },
    onError: (error) => log.error({ error: describeError(error) }, "taking over the config file failed"),
  });
  const reload = () =>
    void watch
      .reload()
      .catch((error: unknown) => log.error({ error: describeError(error) }, "reading the config file failed"));
  process.on("SIGHUP", reload);
  signal.addEventListener("abort", () => process.off("SIGHUP", reload), { once: true });
}

/** Each role loads only its own half of the program: memory, and a defect in one cannot reach the other. */
async function startRole(
  name: "gateway" | "monitor",
  parts: RoleParts,
  fail: (error: unknown) => void,
): Promise<RunningRole> {
  if (name === "gateway") return (await import("./gateway-role.ts")).startGatewayRole(parts);
  return (await import("./monitor-role.ts")).startMonitorRole(parts, fail);
}

function packageVersion(): string {
  const source = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(source) as { version: string }).version;
}
