import type { Cancel, Clock } from "../lib/clock.ts";
import type { RoleMessage } from "./role-messages.ts";

const heartbeatPeriodMs = 1_000;

/**
 * Tells the supervisor every second that this process's event loop turns. While the last message has not left (the
 * supervisor stands still), no other is queued behind it.
 */
export function sendHeartbeat(clock: Clock, channel: Pick<NodeJS.Process, "connected" | "send">): Cancel {
  let isOnItsWay = false;
  return clock.every(heartbeatPeriodMs, () => {
    if (isOnItsWay || !channel.connected) return;
    isOnItsWay = true;
    const message: RoleMessage = { kind: "alive" };
    // An error means that the channel has just closed: its `disconnect` event tells, and stops the role.
    channel.send?.(message, undefined, undefined, () => (isOnItsWay = false));
  });
}
