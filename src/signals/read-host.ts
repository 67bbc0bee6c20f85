import type { Sample } from "./exposition.ts";
import { hostMetrics, ignoredFilesystems, ignoredMountpoints } from "./host-metrics.ts";
import { firstOf, samplesOf, sumOf, type SampleIndex } from "./sample-lookup.ts";

export interface Filesystem {
  mountpoint: string;
  device: string;
  type: string;
  sizeBytes: number;
  availableBytes: number;
  isReadOnly: boolean;
  /** Share of inodes that are free, 0 to 1; `undefined` where the filesystem has no such limit. */
  freeInodes: number | undefined;
}

/** One scrape of a host. `undefined` is unknown. */
export interface HostReading {
  cores: number | undefined;
  load1: number | undefined;
  /** Seconds since boot, summed over the cores, by mode. */
  cpuSeconds: Readonly<Record<string, number>> | undefined;
  memoryTotalBytes: number | undefined;
  memoryAvailableBytes: number | undefined;
  filesystems: readonly Filesystem[];
  /** The host's own clock, milliseconds since the epoch. */
  timeAt: number | undefined;
  bootedAt: number | undefined;
  clockOffsetSeconds: number | undefined;
  isClockSynced: boolean | undefined;
}

/** Share of processor time between two scrapes, 0 to 1 each. */
export interface CpuUse {
  busy: number;
  ioWait: number;
  steal: number;
}

/** Reads a node_exporter page, or returns `undefined` when it has no host metrics at all. */
export function readHost(index: SampleIndex): HostReading | undefined {
  if (![...index.keys()].some((name) => name.startsWith("node_"))) return undefined;
  const cpu = samplesOf(index, hostMetrics.cpuSeconds);
  const seconds = (name: string) => toMs(sumOf(index, name));
  const synced = sumOf(index, hostMetrics.clockSynced);
  return {
    cores: new Set(cpu.map((sample) => sample.labels["cpu"])).size || undefined,
    load1: sumOf(index, hostMetrics.load1),
    cpuSeconds: cpu.length === 0 ? undefined : sumByMode(cpu),
    memoryTotalBytes: firstOf(index, hostMetrics.memoryTotal),
    memoryAvailableBytes: firstOf(index, hostMetrics.memoryAvailable) ?? reclaimable(index),
    filesystems: readFilesystems(index),
    timeAt: seconds(hostMetrics.time),
    bootedAt: seconds(hostMetrics.bootTime),
    clockOffsetSeconds: sumOf(index, hostMetrics.clockOffset),
    isClockSynced: synced === undefined ? undefined : synced === 1,
  };
}

/** What the processors did between two scrapes, or `undefined` when the counters did not move or went back. */
export function cpuUseBetween(first: HostReading | undefined, second: HostReading | undefined): CpuUse | undefined {
  if (!first?.cpuSeconds || !second?.cpuSeconds) return undefined;
  const modes = Object.keys(second.cpuSeconds);
  const spent = (mode: string) => (second.cpuSeconds?.[mode] ?? 0) - (first.cpuSeconds?.[mode] ?? 0);
  // Guest time is part of user time already (Linux proc_stat), so that adding it would count it twice.
  const total = modes.filter((mode) => !mode.startsWith("guest")).reduce((sum, mode) => sum + spent(mode), 0);
  if (total <= 0 || modes.some((mode) => spent(mode) < -1)) return undefined;
  const share = (mode: string) => Math.min(1, Math.max(0, spent(mode) / total));
  return { busy: Math.max(0, 1 - share("idle") - share("iowait")), ioWait: share("iowait"), steal: share("steal") };
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function sumByMode(samples: readonly Sample[]): Record<string, number> {
  const sums = Object.create(null) as Record<string, number>;
  for (const sample of samples) {
    const mode = sample.labels["mode"] ?? "unknown";
    sums[mode] = (sums[mode] ?? 0) + sample.value;
  }
  return sums;
}

function reclaimable(index: SampleIndex): number | undefined {
  const parts = hostMetrics.memoryReclaimable.map((name) => sumOf(index, name)).filter((value) => value !== undefined);
  return parts.length === 0 ? undefined : parts.reduce((sum, value) => sum + value, 0);
}

function readFilesystems(index: SampleIndex): Filesystem[] {
  const found = new Map<string, Filesystem>();
  for (const sample of samplesOf(index, hostMetrics.filesystemSize)) {
    const { mountpoint = "", device = "", fstype: type = "" } = sample.labels;
    if (ignoredFilesystems.test(type) || ignoredMountpoints.test(mountpoint) || sample.value <= 0) continue;
    const same = (other: Sample) => other.labels["mountpoint"] === mountpoint && other.labels["device"] === device;
    const availableBytes = sumOf(index, hostMetrics.filesystemAvailable, same);
    if (availableBytes === undefined) continue;
    const files = sumOf(index, hostMetrics.filesystemFiles, same);
    const filesFree = sumOf(index, hostMetrics.filesystemFilesFree, same);
    // One device mounted in several places (bind mounts) is one disk: the first, shortest path stands for it.
    const key = device || mountpoint;
    const known = found.get(key);
    if (known && known.mountpoint.length <= mountpoint.length) continue;
    found.set(key, {
      mountpoint,
      device,
      type,
      sizeBytes: sample.value,
      availableBytes,
      isReadOnly: sumOf(index, hostMetrics.filesystemReadOnly, same) === 1,
      freeInodes: files !== undefined && files > 0 && filesFree !== undefined ? filesFree / files : undefined,
    });
  }
  return [...found.values()];
}
