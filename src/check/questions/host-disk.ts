import { answer, type Answer, type Question } from "../answer.ts";
import type { Subject } from "../evidence.ts";
import type { Filesystem } from "../../signals/read-host.ts";
import { askHosts, gigabytes, percent } from "./host-reading.ts";

const id = "host-disk";
const lowShare = 0.15;
const fullShare = 0.05;
const lowInodes = 0.05;

/** A chain's disk fills by tens of gigabytes a day without finality: on large disks bytes say how long it lasts. */
const largeDiskBytes = 500e9;
const lowBytes = 200e9;
const fullBytes = 50e9;

/** Is there disk space to spare? One answer for each disk that needs a look, or one for all when none does. */
export const hostDisk: Question = {
  id,
  title: "disk",
  ask: (evidence) =>
    askHosts(id, evidence, ({ filesystems }, { subject }) => {
      if (filesystems.length === 0) return [answer(id, subject, "unknown", "host-unread", "no disk figures")];
      const troubled = filesystems.flatMap((disk) => judge(subject, disk));
      if (troubled.length > 0) return troubled;
      const tightest = filesystems.reduce((least, disk) => (freeShare(disk) < freeShare(least) ? disk : least));
      return [answer(id, subject, "good", "disk-good", describe(tightest), factsOf(tightest))];
    }),
};

function judge(subject: Subject, disk: Filesystem): Answer[] {
  const share = freeShare(disk);
  const isLarge = disk.sizeBytes >= largeDiskBytes;
  const isOutOfBytes = isLarge ? disk.availableBytes < fullBytes : share < fullShare;
  const isFull = isOutOfBytes || disk.freeInodes === 0;
  if (isFull) return [answer(id, subject, "bad", "disk-full", describe(disk), factsOf(disk))];
  const isLow = share < lowShare || (isLarge && disk.availableBytes < lowBytes);
  const isShortOfInodes = disk.freeInodes !== undefined && disk.freeInodes < lowInodes;
  if (isLow || isShortOfInodes) return [answer(id, subject, "warning", "disk-low", describe(disk), factsOf(disk))];
  if (disk.isReadOnly) return [answer(id, subject, "warning", "disk-read-only", describe(disk), factsOf(disk))];
  return [];
}

function freeShare(disk: Filesystem): number {
  return disk.availableBytes / disk.sizeBytes;
}

function describe(disk: Filesystem): string {
  const inodes =
    disk.freeInodes !== undefined && disk.freeInodes < lowInodes ? `, ${percent(disk.freeInodes)} of inodes free` : "";
  return `${disk.mountpoint}: ${gigabytes(disk.availableBytes)} of ${gigabytes(disk.sizeBytes)} free (${percent(freeShare(disk))})${inodes}`;
}

function factsOf(disk: Filesystem) {
  const { mountpoint, device, sizeBytes, availableBytes, isReadOnly } = disk;
  return { mountpoint, device, sizeBytes, availableBytes, isReadOnly, freeInodes: disk.freeInodes };
}
