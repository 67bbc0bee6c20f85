import type { ChildProcess } from "node:child_process";
import { AppError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LauncherMessage, RoleMessage } from "../role-messages.ts";

type Answer<K extends RoleMessage["kind"]> = Extract<RoleMessage, { kind: K }>;

/**
 * Waits for a message of this kind. Rejects with `AppError` `upgrade-failed` when the process says that it cannot, ends,
 * says nothing for `timeoutMs`, or `signal` aborts; `what` names the step for a person.
 */
export function hear<K extends RoleMessage["kind"]>(
  child: ChildProcess,
  kind: K,
  what: string,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Answer<K>> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      stop();
      reject(new AppError(`${what}: ${why}`, { code: "upgrade-failed" }));
    };
    const onMessage = (message: RoleMessage) => {
      if (message.kind === "cannot") return fail(message.why);
      if (message.kind !== kind) return;
      stop();
      resolve(message as Answer<K>);
    };
    const onExit = (code: number | null, killedBy: string | null) =>
      fail(`the process ended (${killedBy ?? `status ${code}`}); its log says why`);
    const onError = (error: Error) => fail(error.message);
    const onAbort = () => fail("Slotkeeper was told to stop");
    const cancel = clock.after(timeoutMs, () => fail(`no answer within ${Math.round(timeoutMs / 1000)} s`));
    const stop = () => {
      cancel();
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      signal.removeEventListener("abort", onAbort);
    };
    child.on("message", onMessage).once("exit", onExit).once("error", onError);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    else if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode);
  });
}

/** Sends without waiting; where the channel has closed, whoever waits for the process's end hears of it. */
export function tell(child: ChildProcess, message: LauncherMessage): void {
  if (child.connected) child.send(message, () => undefined);
}
