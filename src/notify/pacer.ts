import { laneOf, type ClaimedMessage, type SendResult } from "../outbox/types.ts";
import type { Channel } from "./channel.ts";

/** Keeps to what providers take: which lanes and channels get nothing just now. Instants are the clock's `monotonic()`. */
export interface Pacer {
  started(message: ClaimedMessage, channel: Channel, now: number): void;
  ended(message: ClaimedMessage, channel: Channel, result: SendResult | undefined, now: number): void;
  busy(now: number): { busyLanes: string[]; busyChannels: string[] };
  /** Ms until the next one is free again; `undefined` where only the end of a send can free one. */
  nextFreeMs(now: number): number | undefined;
}

/** Without an asked wait, after a provider said that it gets too much. */
const restMs = 1_000;

export function createPacer(): Pacer {
  const sendingLanes = new Set<string>();
  const freeAtByLane = new Map<string, number>();
  const windows = new Map<string, { count: number; perMs: number; starts: number[] }>();

  function freeAtOf({ count, perMs, starts }: { count: number; perMs: number; starts: number[] }): number {
    const first = starts.at(-count);
    return first === undefined ? -Infinity : first + perMs;
  }

  function forget(now: number): void {
    for (const [lane, freeAt] of freeAtByLane) if (freeAt <= now) freeAtByLane.delete(lane);
    for (const window of windows.values()) window.starts = window.starts.filter((at) => at + window.perMs > now);
  }

  return {
    started(message, { name, pace }, now) {
      if (!pace) return;
      const lane = laneOf(message);
      if (pace.perAddressMs > 0) {
        sendingLanes.add(lane);
        freeAtByLane.set(lane, now + pace.perAddressMs);
      }
      if (!pace.overall) return;
      const window = windows.get(name) ?? { ...pace.overall, starts: [] };
      window.starts.push(now);
      windows.set(name, window);
    },
    ended(message, { pace }, result, now) {
      const lane = laneOf(message);
      sendingLanes.delete(lane);
      // The provider counts from when it got the message, which may have been at the end of the call.
      if (pace && pace.perAddressMs > 0) freeAtByLane.set(lane, now + pace.perAddressMs);
      if (result?.kind !== "failed" || result.errorClass !== "rate-limited") return;
      freeAtByLane.set(lane, Math.max(freeAtByLane.get(lane) ?? 0, now + (result.retryAfterMs ?? restMs)));
    },
    busy(now) {
      forget(now);
      const full = [...windows].filter(([, window]) => freeAtOf(window) > now).map(([name]) => name);
      return { busyLanes: [...new Set([...sendingLanes, ...freeAtByLane.keys()])], busyChannels: full };
    },
    nextFreeMs(now) {
      forget(now);
      const lanes = [...freeAtByLane].filter(([lane]) => !sendingLanes.has(lane)).map(([, freeAt]) => freeAt);
      const instants = [...lanes, ...[...windows.values()].map(freeAtOf)].filter((at) => at > now);
      return instants.length === 0 ? undefined : Math.min(...instants) - now;
    },
  };
}
