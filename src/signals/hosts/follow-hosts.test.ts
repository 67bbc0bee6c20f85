import { expect, onTestFinished, test } from "vitest";
import type { HttpGet } from "../../fleet/sources/source-io.ts";
import type { FleetHost } from "../../fleet/validator-sources.ts";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { followHosts, type HostsConfig } from "./follow-hosts.ts";

const page = "http://a:9100/metrics";
const client = "http://a:5054/metrics";
const host = (change: Partial<FleetHost> = {}): FleetHost => ({
  ...{ name: "a", provider: "p", region: undefined, metrics: [page], prometheus: [] },
  ...change,
});

const exporter = (now: number, busySeconds: number, freeBytes = 500e9) =>
  [
    `node_cpu_seconds_total{cpu="0",mode="idle"} ${10_000 - busySeconds}`,
    `node_cpu_seconds_total{cpu="0",mode="user"} ${busySeconds}`,
    "node_load1 0.2",
    "node_memory_MemTotal_bytes 32e9",
    "node_memory_MemAvailable_bytes 16e9",
    `node_filesystem_size_bytes{device="/dev/sda",fstype="ext4",mountpoint="/"} 1e12`,
    `node_filesystem_avail_bytes{device="/dev/sda",fstype="ext4",mountpoint="/"} ${freeBytes}`,
    `node_time_seconds ${now / 1000}`,
    "",
  ].join("\n");
const process = (startedAt: number, openFiles = 10) =>
  `process_start_time_seconds ${startedAt / 1000}\nprocess_open_fds ${openFiles}\nprocess_max_fds 100\nlibp2p_peers 42\n`;

function follow(config: Partial<HostsConfig>, pages: Record<string, string>) {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  const asked: string[] = [];
  const get: HttpGet = (url) => {
    asked.push(url);
    const body = pages[url] ?? pages[url.split("?")[0] ?? ""];
    return Promise.resolve(
      body === undefined
        ? { ok: false, kind: "refused", message: "connection refused" }
        : { ok: true, status: 200, body },
    );
  };
  const follower = followHosts({
    ...{ config: { hosts: [host()], prometheus: undefined, ...config }, get, clock },
    ...{ isFinalityLate: () => false, onError: (error) => errors.push(error) },
  });
  onTestFinished(() => {
    follower.stop();
    expect(errors).toEqual([]);
  });
  const reasons = () => follower.hosts()[0]?.findings.map(({ reason, verdict }) => `${reason} ${verdict}`);
  return { clock, follower, pages, asked, reasons };
}

test("a machine is unknown until it was read, then judged, then old", async () => {
  const { clock, follower, pages, reasons } = follow({}, {});
  expect(follower.hosts()[0]).toMatchObject({ verdict: "unknown" });
  await clock.advance(0);
  expect(reasons()).toEqual(["page-silent unknown"]);
  pages[page] = exporter(clock.now() + 30_000, 0);
  await clock.advance(30_000);
  pages[page] = exporter(clock.now() + 30_000, 3);
  await clock.advance(30_000);
  expect(follower.hosts()[0]).toMatchObject({ verdict: "good", cores: 1, memoryTotalBytes: 32e9 });
  expect(follower.hosts()[0]?.disks[0]).toMatchObject({ mountpoint: "/", availableBytes: 500e9 });
  delete pages[page];
  await clock.advance(240_000);
  expect(reasons()).toEqual(["page-silent unknown", "host-old unknown"]);
});

test("a disk that fills within two days is bad, hours before it is full", async () => {
  const { clock, pages, reasons } = follow({}, {});
  for (let step = 0; step <= 12; step++) {
    pages[page] = exporter(clock.now() + 600_000, step, 500e9 - step * 3e9);
    await clock.advance(600_000);
  }
  expect(reasons()?.[0]).toBe("disk-fills-soon bad");
});

test("a client that starts anew is told for an hour, and open files near the limit", async () => {
  const { clock, follower, pages, reasons } = follow({ hosts: [host({ metrics: [client] })] }, {});
  pages[client] = process(clock.now() - 1e7);
  await clock.advance(30_000);
  expect(follower.hosts()[0]?.processes[0]).toMatchObject({ peers: 42, restarts: 0 });
  pages[client] = process(clock.now(), 95);
  await clock.advance(30_000);
  expect(reasons()).toEqual(["files-near-limit warning", "process-restarted warning", "host-unread unknown"]);
  expect(follower.hosts()[0]?.processes[0]?.restarts).toBe(1);
  pages[client] = process(clock.now() - 30_000);
  await clock.advance(3_600_000);
  expect(reasons()).toEqual(["host-unread unknown"]);
});

test("an existing Prometheus answers instead of the pages", async () => {
  const vector = (samples: readonly [Record<string, string>, number][]) =>
    JSON.stringify({
      status: "success",
      data: { resultType: "vector", result: samples.map(([metric, value]) => ({ metric, value: [0, String(value)] })) },
    });
  const { clock, follower, pages, asked } = follow(
    {
      hosts: [host({ metrics: [], prometheus: ["a:9100"] })],
      prometheus: { url: "http://prom:9090", headers: {}, token: undefined },
    },
    {},
  );
  await clock.advance(0);
  expect(follower.hosts()[0]?.findings[0]).toMatchObject({ reason: "prometheus-failed" });
  const at = clock.now() / 1000;
  const ask = (query: string) => `http://prom:9090/api/v1/query?query=${encodeURIComponent(query)}`;
  pages[ask('timestamp(up{instance="a:9100"})')] = vector([[{ instance: "a:9100" }, at]]);
  const other = asked.length;
  await clock.advance(30_000);
  const figures = asked.slice(other).find((url) => url.includes("__name__"));
  pages[figures ?? ""] = vector([
    [{ __name__: "node_memory_MemTotal_bytes" }, 100],
    [{ __name__: "node_memory_MemAvailable_bytes" }, 2],
  ]);
  await clock.advance(30_000);
  expect(follower.hosts()[0]?.findings[0]).toMatchObject({ verdict: "bad", reason: "memory-out" });
});

test("a host without metrics says so, one that leaves the configuration is forgotten", async () => {
  const { clock, follower, reasons } = follow({ hosts: [host({ metrics: [] })] }, {});
  await clock.advance(0);
  expect(reasons()).toEqual(["host-unwatched unknown"]);
  follower.reconfigure({ hosts: [host({ name: "b" })], prometheus: undefined });
  expect(follower.hosts().map(({ name }) => name)).toEqual(["b"]);
});

test("pages that hang do not keep the others of the round from being read", async () => {
  const clock = createFakeClock();
  const good = "http://good:9100/metrics";
  const hanging = Array.from({ length: 20 }, (_, index) => `http://hung${index}:9100/metrics`);
  const get: HttpGet = (url, { signal }) =>
    url === good
      ? Promise.resolve({ ok: true, status: 200, body: exporter(clock.now(), 0) })
      : new Promise((resolve) =>
          signal.addEventListener("abort", () => resolve({ ok: false, kind: "timeout", message: "no answer" })),
        );
  const follower = followHosts({
    ...{ get, clock, isFinalityLate: () => undefined, onError: (error) => expect(error).toBeUndefined() },
    config: { hosts: [host({ metrics: [...hanging, good] })], prometheus: undefined },
  });
  onTestFinished(() => follower.stop());
  // Eight at a time, ten seconds each: the twenty-first has its turn after twenty.
  for (let turn = 0; turn < 3; turn++) await clock.advance(10_000);
  expect(follower.hosts()[0]?.readAt).toBeDefined();
  expect(follower.hosts()[0]?.pages.filter(({ error }) => error).length).toBe(20);
});
