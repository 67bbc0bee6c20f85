import { duration, gigabytes, percent } from "../lib/amounts.ts";
import type { HostReasonCode } from "./host-reasons.ts";
import type { CpuUse, Filesystem, HostReading } from "./read-host.ts";

export type HostVerdict = "good" | "warning" | "bad" | "unknown";

/** What was found about one thing of a machine. */
export interface HostFinding<Code extends string = HostReasonCode> {
  verdict: HostVerdict;
  reason: Code;
  /** The numbers behind it, in words. */
  detail: string;
  facts: Readonly<Record<string, string | number | boolean | undefined>>;
}

const busyShare = 0.9;
const ioWaitShare = 0.25;
const stealShare = 0.1;
const lowMemory = 0.1;
const outOfMemory = 0.05;
const lowDisk = 0.15;
const fullDisk = 0.05;
const lowInodes = 0.05;
/** A chain's disk fills by tens of gigabytes a day without finality: on large disks bytes say how long it lasts. */
const largeDiskBytes = 500e9;
const lowBytes = 200e9;
const fullBytes = 50e9;
const clockOffMs = 200;
/** A scrape takes a moment, and node_exporter's clock has the same machine's precision. */
const clockFarOffMs = 2000;

/** Is there processor time to spare? One busy second is normal at an epoch's start: only a queue as well is trouble. */
export function judgeCpu({ load1, cores }: HostReading, cpu: CpuUse | undefined): HostFinding {
  const load = load1 !== undefined && cores !== undefined ? load1 / cores : undefined;
  if (cpu === undefined && load === undefined) return unread("no CPU figures");
  const facts = { busyShare: cpu?.busy, ioWaitShare: cpu?.ioWait, stealShare: cpu?.steal, load1, cores };
  const parts = [
    cpu && `${percent(cpu.busy)} busy`,
    load1 === undefined ? undefined : `load ${load1.toFixed(2)} on ${cores ?? "?"} cores`,
  ];
  const detail = parts.filter((part) => part !== undefined).join(", ");
  const isBusy = cpu === undefined || cpu.busy >= busyShare;
  const waits = load ?? (cpu && cpu.busy >= busyShare ? 1 : 0);
  if (isBusy && waits >= 2) return { verdict: "bad", reason: "cpu-overloaded", detail, facts };
  if (isBusy && waits >= 1) return { verdict: "warning", reason: "cpu-busy", detail, facts };
  if (cpu && cpu.ioWait >= ioWaitShare) {
    const waiting = `${percent(cpu.ioWait)} waiting, ${detail}`;
    return { verdict: "warning", reason: "cpu-waits-for-disk", detail: waiting, facts };
  }
  if (cpu && cpu.steal >= stealShare)
    return { verdict: "warning", reason: "cpu-stolen", detail: `${percent(cpu.steal)} taken, ${detail}`, facts };
  return { verdict: "good", reason: "cpu-good", detail, facts };
}

/** Is there memory to spare, caches that can be given back counted as free? */
export function judgeMemory({ memoryTotalBytes: total, memoryAvailableBytes: available }: HostReading): HostFinding {
  if (total === undefined || available === undefined || total <= 0) return unread("no memory figures");
  const share = available / total;
  const facts = { totalBytes: total, availableBytes: available };
  const detail = `${gigabytes(available)} of ${gigabytes(total)} available (${percent(share)})`;
  if (share < outOfMemory) return { verdict: "bad", reason: "memory-out", detail, facts };
  if (share < lowMemory) return { verdict: "warning", reason: "memory-low", detail, facts };
  return { verdict: "good", reason: "memory-good", detail, facts };
}

/** Is there disk space to spare? One finding for each disk that needs a look, or one for the tightest when none does. */
export function judgeDisks({ filesystems }: HostReading): readonly HostFinding[] {
  if (filesystems.length === 0) return [unread("no disk figures")];
  const troubled = filesystems.map(judgeDisk).filter(({ verdict }) => verdict !== "good");
  if (troubled.length > 0) return troubled;
  return [judgeDisk(filesystems.reduce((least, disk) => (freeShare(disk) < freeShare(least) ? disk : least)))];
}

export function judgeDisk(disk: Filesystem): HostFinding {
  const share = freeShare(disk);
  const { mountpoint, device, sizeBytes, availableBytes, isReadOnly, freeInodes } = disk;
  const found = {
    detail: describeDisk(disk),
    facts: { mountpoint, device, sizeBytes, availableBytes, isReadOnly, freeInodes },
  };
  const isLarge = sizeBytes >= largeDiskBytes;
  const isOutOfBytes = isLarge ? availableBytes < fullBytes : share < fullDisk;
  if (isOutOfBytes || freeInodes === 0) return { verdict: "bad", reason: "disk-full", ...found };
  const isLow = share < lowDisk || (isLarge && availableBytes < lowBytes);
  const isShortOfInodes = freeInodes !== undefined && freeInodes < lowInodes;
  if (isLow || isShortOfInodes) return { verdict: "warning", reason: "disk-low", ...found };
  if (isReadOnly) return { verdict: "warning", reason: "disk-read-only", ...found };
  return { verdict: "good", reason: "disk-good", ...found };
}

/** Is the host's clock kept by a time service? `at`: when the page came; `undefined` where nothing tells of the clock. */
export function judgeHostClock(
  { timeAt, clockOffsetSeconds, isClockSynced }: HostReading,
  { at, latencyMs }: { at: number; latencyMs: number },
): HostFinding | undefined {
  const apartMs = timeAt === undefined ? undefined : timeAt - at;
  const offsetMs = clockOffsetSeconds === undefined ? undefined : clockOffsetSeconds * 1000;
  if (apartMs === undefined && offsetMs === undefined) return undefined;
  const facts = { apartMs: apartMs && Math.round(apartMs), offsetMs, isSynced: isClockSynced };
  if (apartMs !== undefined && Math.abs(apartMs) > clockFarOffMs + latencyMs) {
    const detail = `${duration(apartMs)} ${apartMs > 0 ? "ahead of" : "behind"} this machine`;
    return { verdict: "bad", reason: "host-clock-off", detail, facts };
  }
  if (offsetMs !== undefined && Math.abs(offsetMs) > clockOffMs)
    return { verdict: "warning", reason: "host-clock-off", detail: `off by ${duration(offsetMs)}`, facts };
  // Containers and some virtual machines leave the clock to their host and report "not synchronised": no cause alone.
  const detail = isClockSynced === false ? "agrees with ours; no time service reported" : "";
  return { verdict: "good", reason: "host-clock-good", detail, facts };
}

function unread(detail: string): HostFinding {
  return { verdict: "unknown", reason: "host-unread", detail, facts: {} };
}

function freeShare(disk: Filesystem): number {
  return disk.availableBytes / disk.sizeBytes;
}

function describeDisk(disk: Filesystem): string {
  const { freeInodes, mountpoint, availableBytes, sizeBytes } = disk;
  const inodes = freeInodes !== undefined && freeInodes < lowInodes ? `, ${percent(freeInodes)} of inodes free` : "";
  return `${mountpoint}: ${gigabytes(availableBytes)} of ${gigabytes(sizeBytes)} free (${percent(freeShare(disk))})${inodes}`;
}
