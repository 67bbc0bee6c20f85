import type { ServerResponse } from "node:http";
import type { Clock } from "../lib/clock.ts";
import type { ControlProvider } from "./provider.ts";
import type { WatchLine } from "./types.ts";

/** A status is sent at most this often, and at least every `heartbeatMs`. */
const watchThrottleMs = 100;
export const heartbeatMs = 2_000;
/** A reader with this much unsent is cut off; it reconnects and reads what it missed from the ring. */
const maxUnsentBytes = 4 * 1024 * 1024;

/** Writes `GET /v1/watch`: a status at once, then after changes and as heartbeat; transitions the moment they happen. */
export function streamWatch(response: ServerResponse, provider: ControlProvider, clock: Clock): void {
  let lastSentAt = -Infinity;
  let cancelPending: (() => void) | undefined;

  function write(line: WatchLine): void {
    if (response.destroyed) return;
    if (response.writableLength > maxUnsentBytes) return void response.destroy();
    response.write(`${JSON.stringify(line)}\n`);
  }
  function sendStatus(): void {
    cancelPending?.();
    cancelPending = undefined;
    lastSentAt = clock.monotonic();
    write({ kind: "status", status: provider.status() });
  }
  function scheduleStatus(): void {
    if (cancelPending) return;
    const waitMs = lastSentAt + watchThrottleMs - clock.monotonic();
    if (waitMs <= 0) sendStatus();
    else cancelPending = clock.after(waitMs, sendStatus);
  }

  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  sendStatus();
  const undo = [
    provider.onChange(scheduleStatus),
    provider.onTransition((seq, transition) => write({ kind: "transition", seq, transition })),
    clock.every(heartbeatMs / 4, () => {
      if (clock.monotonic() - lastSentAt >= heartbeatMs - heartbeatMs / 8) sendStatus();
    }),
  ];
  response.once("close", () => {
    cancelPending?.();
    for (const cancel of undo) cancel();
  });
}
