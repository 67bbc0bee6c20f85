import type { ChildProcess } from "node:child_process";
import { describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { takeOverEnv, type RoleMessage } from "../role-messages.ts";
import { spawnRole, type RoleLaunch } from "../spawn-role.ts";
import type { SupervisedChild } from "../supervised-child.ts";
import { hear, tell } from "./converse.ts";
import { forwardConnection, type NativeHandle } from "./pass-connection.ts";
import { maxWarmUpMs } from "./warm-up.ts";

export interface UpgradeParts {
  child: SupervisedChild;
  /** The gateway as it is to run from now on: program, listeners. */
  launch: RoleLaunch;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** One line for whoever waits. */
  progress: (line: string) => void;
  /** How long the old process may take to leave. */
  leaveMs: number;
}

const answerMs = 10_000;
/** A cold start on a loaded machine, then its look at the beacon nodes. */
const warmMs = 30_000 + maxWarmUpMs;

/**
 * Replaces the running gateway by one from the program on the disk, with nothing lost: the new one looks at the beacon nodes
 * first, takes over control and state, accepts; then the old one stops accepting and leaves. Up to that point every failure
 * leaves the old one serving. Resolves with the old process on its way out; rejects with `AppError` `upgrade-failed`.
 */
export async function runUpgrade(
  parts: UpgradeParts,
): Promise<{ left: Promise<void>; leaving: ChildProcess | undefined }> {
  const { child, launch, clock, log, signal, progress } = parts;
  const old = child.isAlive() ? child.process() : undefined;
  if (!old) return replaceDead(parts);
  const asked = hear(old, "standing", "ask the running gateway", answerMs, clock, signal);
  tell(old, { kind: "prepare" });
  let next: ChildProcess | undefined;
  try {
    const { groups } = await asked;
    const env = { ...launch.env, [takeOverEnv]: JSON.stringify(groups) };
    next = spawnRole({ ...launch, env });
    progress(`process ${next.pid} is started from ${launch.program.folder}; it looks at the beacon nodes`);
    await hear(next, "warm", "wait until the new gateway could serve", warmMs, clock, signal);
    progress("the new process could serve; control and state go over to it");
    child.beginReplacing();
    const givenUp = hear(old, "given-up", "have the running gateway write its state", answerMs, clock, signal);
    tell(old, { kind: "give-up" });
    await givenUp;
    const ready = hear(next, "ready", "have the new gateway accept connections", answerMs, clock, signal);
    tell(next, { kind: "take-over" });
    await ready;
  } catch (error) {
    log.error({ error: describeError(error) }, "the upgrade came to nothing; the old gateway serves on");
    next?.kill("SIGKILL");
    tell(old, { kind: "resume" });
    child.keep();
    throw error;
  }
  child.replace(next, launch);
  log.info(
    { from: old.pid, to: next.pid, program: launch.program.folder },
    "the new gateway accepts; the old one leaves",
  );
  progress("the new process accepts; the old one gives its last answers and leaves, within two slots");
  return { left: leave(old, parts), leaving: old };
}

/** Passes on what the leaving process still has, until it has ended; kills it when it stays too long. */
async function leave(old: ChildProcess, { child, clock, log, leaveMs }: UpgradeParts): Promise<void> {
  old.on("message", (message: RoleMessage, handle: unknown) => {
    if (message.kind === "connection" && handle)
      forwardConnection(child.process(), message.group, handle as NativeHandle);
  });
  const gone = new Promise<void>((resolve) => {
    old.once("exit", () => resolve());
    if (old.exitCode !== null || old.signalCode !== null) resolve();
  });
  tell(old, { kind: "leave" });
  const cancel = clock.after(leaveMs, () => {
    log.error({ pid: old.pid, leaveMs }, "the old gateway did not leave in time; killing it");
    old.kill("SIGKILL");
  });
  await gone;
  cancel();
  const now = child.process();
  if (now) tell(now, { kind: "leftovers" });
}

/** Nothing serves (it crashes or hangs), so that nothing can be handed over: the new program is started in its place. */
async function replaceDead(parts: UpgradeParts): Promise<{ left: Promise<void>; leaving: undefined }> {
  const { child, launch, clock, signal, progress } = parts;
  child.beginReplacing();
  child.process()?.kill("SIGKILL");
  const next = spawnRole(launch);
  progress(`no gateway serves at the moment; process ${next.pid} is started from ${launch.program.folder}`);
  try {
    await hear(next, "ready", "start the new gateway", warmMs, clock, signal);
  } catch (error) {
    next.kill("SIGKILL");
    child.keep();
    throw error;
  }
  child.replace(next, launch);
  progress("the new process serves");
  return { left: Promise.resolve(), leaving: undefined };
}
