import { expect, test } from "vitest";
import { parseExposition } from "./exposition.ts";
import { cpuUseBetween, readHost } from "./read-host.ts";
import { indexSamples } from "./sample-lookup.ts";

const read = (text: string) => readHost(indexSamples(parseExposition(text).samples));
const cpu = (idle: number, user: number, iowait: number) =>
  read(
    [0, 1]
      .map(
        (core) =>
          `node_cpu_seconds_total{cpu="${core}",mode="idle"} ${idle}\nnode_cpu_seconds_total{cpu="${core}",mode="user"} ${user}\nnode_cpu_seconds_total{cpu="${core}",mode="iowait"} ${iowait}`,
      )
      .join("\n"),
  );

test("reads cores, load, memory and clock", () => {
  const reading = read(
    'node_cpu_seconds_total{cpu="0",mode="idle"} 1\nnode_cpu_seconds_total{cpu="1",mode="idle"} 1\nnode_load1 0.5\nnode_memory_MemTotal_bytes 100\nnode_memory_MemAvailable_bytes 40\nnode_time_seconds 7\nnode_timex_sync_status 1\nnode_timex_offset_seconds -0.001',
  );
  expect(reading).toMatchObject({
    cores: 2,
    load1: 0.5,
    memoryTotalBytes: 100,
    memoryAvailableBytes: 40,
    timeAt: 7000,
    isClockSynced: true,
  });
});

test("counts memory that can be given back where the kernel has no figure for it", () => {
  const text =
    "node_memory_MemTotal_bytes 100\nnode_memory_MemFree_bytes 10\nnode_memory_Buffers_bytes 5\nnode_memory_Cached_bytes 20";
  expect(read(text)?.memoryAvailableBytes).toBe(35);
});

test("keeps disks that hold data, each device once", () => {
  const disk = (mountpoint: string, device: string, fstype: string, size = 100) =>
    `node_filesystem_size_bytes{mountpoint="${mountpoint}",device="${device}",fstype="${fstype}"} ${size}\nnode_filesystem_avail_bytes{mountpoint="${mountpoint}",device="${device}",fstype="${fstype}"} 30`;
  const text = [
    disk("/", "/dev/sda1", "ext4"),
    disk("/var/lib/docker/overlay2/x", "/dev/sda1", "ext4"),
    disk("/srv/bind", "/dev/sda1", "ext4"),
    disk("/data", "/dev/nvme0n1", "xfs"),
    disk("/run", "tmpfs", "tmpfs"),
    disk("/boot/efi", "/dev/sda2", "vfat"),
    disk("/snap/core", "/dev/loop0", "squashfs"),
    disk("/zero", "/dev/sdz", "ext4", 0),
  ].join("\n");
  expect(read(text)?.filesystems.map(({ mountpoint }) => mountpoint)).toEqual(["/", "/data"]);
});

test("CPU use is what happened between two scrapes", () => {
  expect(cpuUseBetween(cpu(100, 50, 0), cpu(100.5, 50.25, 0.25))).toEqual({ busy: 0.25, ioWait: 0.25, steal: 0 });
});

test("counters that stand still or went back (a reboot) tell nothing", () => {
  expect(cpuUseBetween(cpu(100, 50, 0), cpu(100, 50, 0))).toBeUndefined();
  expect(cpuUseBetween(cpu(100, 50, 0), cpu(1, 1, 0))).toBeUndefined();
  expect(cpuUseBetween(cpu(100, 50, 0), undefined)).toBeUndefined();
});

test("a page without host metrics is none", () => {
  expect(read("vc_signers_count 1")).toBeUndefined();
});
