import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../lib/clock.ts";

export interface ProcessReading {
  pid: number;
  rssBytes: number;
  heapUsedBytes: number;
  /** 99th percentile of the delay over the last full period of 10 s. */
  eventLoopLagMs: number;
  cpuSeconds: number;
}

export interface ProcessHealthSource {
  read(): ProcessReading;
  stop(): void;
}

const periodMs = 10_000;
const resolutionMs = 20;

/** Watches this process. Reading is cheap and does not disturb other readers: the window moves on by time alone. */
export function startProcessHealth(clock: Clock): ProcessHealthSource {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let lagMs = 0;
  const cancel = clock.every(periodMs, () => {
    lagMs = lagOf(delay.percentile(99));
    delay.reset();
  });
  return {
    read() {
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const current = lagMs === 0 ? lagOf(delay.percentile(99)) : lagMs;
      return {
        pid: process.pid,
        rssBytes: rss,
        heapUsedBytes: heapUsed,
        eventLoopLagMs: current,
        cpuSeconds: (user + system) / 1e6,
      };
    },
    stop() {
      cancel();
      delay.disable();
    },
  };
}

/** The histogram counts the sampling period itself; what is over it is the lag. */
function lagOf(nanoseconds: number): number {
  const ms = nanoseconds / 1e6 - resolutionMs;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms * 10) / 10) : 0;
}
