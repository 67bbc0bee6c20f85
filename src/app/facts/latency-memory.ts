import type { Fact } from "../../alerts/fact.ts";
import type { FreshGroup } from "./chain-facts.ts";

/** Answer times of one node's probes, in milliseconds. Plain data, so that it can be kept over a restart. */
export interface NodeLatency {
  group: string;
  node: string;
  /** Of the last 15 minutes, oldest first. */
  recent: { at: number; ms: number }[];
  /** The 95th percentile of each hour that is over, oldest first, at most 7 days. */
  hours: { hour: number; ms: number }[];
  /** Of the running hour. */
  running: { hour: number; values: number[] };
}

export type LatencyMemory = Record<string, NodeLatency>;

const hourMs = 3_600_000;
const recentMs = 15 * 60_000;
const keptHours = 7 * 24;
/** A usual time from less would be that of one quiet hour. */
const leastHours = 24;
const leastRecent = 20;
/** One reading in so many ms is enough. */
const apartMs = 10_000;
/** Below that a few milliseconds are no multiple of anything. */
const leastUsualMs = 5;

/** Takes in what gateways say of their last probes, in place. */
export function noteLatencies(memory: LatencyMemory, groups: readonly FreshGroup[], now: number): void {
  for (const { gateway, status } of groups)
    for (const { node, group, latencyMs, health } of status.nodes) {
      if (latencyMs === undefined || health === "down") continue;
      const key = `${gateway} ${group} ${node}`;
      const hour = Math.floor(now / hourMs);
      const entry = (memory[key] ??= { group, node, recent: [], hours: [], running: { hour, values: [] } });
      if (now - (entry.recent.at(-1)?.at ?? -Infinity) < apartMs) continue;
      if (entry.running.hour !== hour) {
        const { hour: ended, values } = entry.running;
        if (values.length >= leastRecent) entry.hours.push({ hour: ended, ms: percentile95(values) });
        entry.hours = entry.hours.filter((each) => each.hour > hour - keptHours);
        entry.running = { hour, values: [] };
      }
      entry.recent.push({ at: now, ms: latencyMs });
      while (now - (entry.recent[0]?.at ?? now) > recentMs) entry.recent.shift();
      entry.running.values.push(latencyMs);
    }
}

/** How much slower than usual each node answers; the worst of what several gateways see. */
export function latencyFacts(memory: LatencyMemory, now: number): Fact[] {
  const worst = new Map<string, Fact>();
  for (const { group, node, recent, hours } of Object.values(memory)) {
    const last = recent.at(-1);
    if (!last || recent.length < leastRecent || hours.length < leastHours || now - last.at > recentMs) continue;
    const usual = Math.max(leastUsualMs, median(hours.map(({ ms }) => ms)));
    const value = percentile95(recent.map(({ ms }) => ms)) / usual;
    const key = `${group} ${node}`;
    if (value <= (worst.get(key)?.value ?? -1)) continue;
    worst.set(key, { name: "beacon_latency_above_baseline", labels: { group, node }, value, at: last.at });
  }
  return [...worst.values()];
}

function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? NaN;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
