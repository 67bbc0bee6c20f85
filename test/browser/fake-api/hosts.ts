import type { HostsPage } from "../../../src/api/contract-signals.ts";

type Host = HostsPage["hosts"][number];

const gigabyte = 1e9;

const disk = (freeGb: number, days: number | undefined): Host["disks"][number] => ({
  ...{ mountpoint: "/data", device: "/dev/nvme0n1", sizeBytes: 2_000 * gigabyte, availableBytes: freeGb * gigabyte },
  ...{ isReadOnly: false, freeInodes: undefined },
  forecast: {
    normal: { bytesPerDay: 12 * gigabyte, daysToFull: days },
    withoutFinality: { bytesPerDay: 62 * gigabyte, daysToFull: freeGb / 62, basis: "assumed" },
    historyMs: 86_400_000,
  },
});

/** A machine that is well, one whose disk fills up, and one that cannot be read. */
export function hostsPage(now: number): HostsPage {
  const good: Host = {
    ...{ name: "host-01", provider: "hetzner", region: "fsn1", verdict: "good", readAt: now - 12_000 },
    ...{ cpu: { busy: 0.21, ioWait: 0.01, steal: 0 }, cores: 16, load1: 3.2, bootedAt: now - 40 * 86_400_000 },
    ...{ memoryTotalBytes: 64 * gigabyte, memoryAvailableBytes: 38 * gigabyte, disks: [disk(900, 75)] },
    findings: [{ verdict: "good", reason: "cpu-good", detail: "21 % busy, load 3.20 on 16 cores", facts: {} }],
    processes: [
      {
        ...{ place: "http://host-01:5054/metrics", readAt: now - 12_000, client: "lighthouse", keys: 500, peers: 92 },
        ...{ startedAt: now - 9 * 86_400_000, restarts: 0, cpuCores: 1.4, residentBytes: 4.2e9 },
        ...{ openFiles: 812, maxFiles: 65_536 },
      },
    ],
    pages: [],
  };
  const filling: Host = {
    ...{ ...good, name: "host-02", verdict: "bad", disks: [disk(18, 1.5)], processes: [] },
    findings: [
      {
        ...{ verdict: "bad", reason: "disk-fills-soon", facts: {} },
        detail: "/data: full in 1.5 days at the rate of the last hours",
      },
    ],
  };
  const silent: Host = {
    ...{ ...good, name: "host-03", verdict: "unknown", readAt: undefined, cpu: undefined, disks: [], processes: [] },
    ...{ memoryTotalBytes: undefined, memoryAvailableBytes: undefined },
    findings: [
      {
        ...{ verdict: "unknown", reason: "page-silent", facts: {} },
        detail: "http://host-03:9100/metrics: connection refused",
      },
    ],
  };
  return { at: now, hosts: [good, filling, silent] };
}
