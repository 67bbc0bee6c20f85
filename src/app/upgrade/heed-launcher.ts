import type { Socket } from "node:net";
import { AppError, describeError } from "../../lib/app-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LauncherMessage, RoleMessage, Standing } from "../role-messages.ts";
import { passConnection, receiveConnection, type NativeHandle } from "./pass-connection.ts";
import type { RoleHandover, TakeOver } from "./role-handover.ts";
import { warmUp } from "./warm-up.ts";

type Channel = Pick<NodeJS.Process, "connected" | "send" | "on" | "off">;

export interface HeededLauncher {
  /** What a role waits for before it opens anything, where it replaces another process. */
  takeOver(standing: Standing, clock: Clock): TakeOver;
  /** The role serves: what the launcher asks is done from now on. */
  serve(handover: RoleHandover | undefined): void;
  /** Tells the launcher why this process ends. */
  cannot(error: unknown): void;
  stop(): void;
}

/** The role's side of an upgrade: does what the launcher says, in the order in which it says it. */
export function heedLauncher(channel: Channel, requestStop: () => void): HeededLauncher {
  const mayTakeOver = Promise.withResolvers<void>();
  let handover: RoleHandover | undefined;
  let last = Promise.resolve();
  const passed = new WeakSet<Socket>();

  function tell(message: RoleMessage): void {
    // An error means that the channel has just closed: its `disconnect` event tells, and stops the role.
    if (channel.connected) channel.send?.(message, undefined, undefined, () => undefined);
  }

  async function obey(message: LauncherMessage, handle: NativeHandle | undefined): Promise<void> {
    if (message.kind === "take-over") return mayTakeOver.resolve();
    if (message.kind === "connection") {
      if (!handle) return;
      if (handover) handover.adopt(message.group, receiveConnection(handle));
      else handle.close();
      return;
    }
    if (!handover) throw new AppError("it has not finished its start; try again", { code: "starting" });
    switch (message.kind) {
      case "prepare":
        return tell({ kind: "standing", groups: await handover.prepare() });
      case "give-up":
        await handover.giveUp();
        return tell({ kind: "given-up" });
      case "resume":
        return handover.resume();
      case "leftovers":
        return handover.takeLeftovers();
      case "leave":
        handover.passIdle((group, socket) => {
          // A connection on its way still stands among the idle ones.
          if (passed.has(socket)) return;
          passed.add(socket);
          passConnection(channel, group, socket);
        });
        return requestStop();
    }
  }

  function hear(message: LauncherMessage, handle: NativeHandle | undefined): void {
    last = last
      .then(() => obey(message, handle))
      .catch((error: unknown) => tell({ kind: "cannot", why: describeError(error) }));
  }

  const gone = () => mayTakeOver.reject(new AppError("take over: the launcher has gone", { code: "upgrade-failed" }));
  mayTakeOver.promise.catch(() => undefined);
  channel.on("message", hear as (message: unknown) => void);
  channel.on("disconnect", gone);
  return {
    takeOver: (standing, clock) => async (upstreams) => {
      await warmUp(upstreams, standing, clock);
      tell({ kind: "warm" });
      await mayTakeOver.promise;
    },
    serve: (given) => (handover = given),
    cannot: (error) => tell({ kind: "cannot", why: describeError(error) }),
    stop() {
      channel.off("message", hear as (message: unknown) => void);
      channel.off("disconnect", gone);
    },
  };
}
