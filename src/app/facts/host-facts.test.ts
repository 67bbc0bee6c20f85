import { expect, test } from "vitest";
import type { HostState } from "../../signals/hosts/host-state.ts";
import { hostFacts, withRestarts } from "./host-facts.ts";
import { valueOf } from "./testing/read-facts.ts";

const now = 1_700_000_000_000;

function hostOf(name: string, change: Partial<HostState> = {}): HostState {
  return {
    ...{ name, provider: "north", region: undefined, verdict: "good", readAt: now, cpu: undefined, cores: 1, load1: 0 },
    findings: [{ verdict: "good", reason: "host-clock-good", detail: "", facts: { offsetMs: -250 } }],
    ...{ memoryTotalBytes: 100, memoryAvailableBytes: 25, bootedAt: 0, disks: [], processes: [], pages: [] },
    ...change,
  };
}

const disk = (daysToFull: number | undefined, isKnown = true): HostState["disks"][number] => ({
  ...{
    mountpoint: "/data",
    device: "x",
    sizeBytes: 1_000,
    availableBytes: 100,
    isReadOnly: false,
    freeInodes: undefined,
  },
  forecast: {
    ...{ normal: isKnown ? { bytesPerDay: 1, daysToFull } : undefined, withoutFinality: undefined, historyMs: 0 },
  },
});

test("a machine's figures are as old as they were read; what it does not tell is no fact", () => {
  const cpu = { busy: 0.7, ioWait: 0, steal: 0 };
  const facts = hostFacts([hostOf("h1", { cpu, disks: [disk(3)], readAt: now - 20_000 })], new Map(), now, now);
  expect(valueOf(facts, "disk_days_to_full", { host: "h1", path: "/data" })).toBe(3);
  expect(valueOf(facts, "disk_available_ratio", { host: "h1", path: "/data" })).toBe(0.1);
  expect(valueOf(facts, "memory_available_ratio", { host: "h1" })).toBe(0.25);
  expect(valueOf(facts, "cpu_busy_ratio", { host: "h1" })).toBe(0.7);
  expect(valueOf(facts, "clock_offset_ms", { host: "h1" })).toBe(250);
  expect(facts.find(({ name }) => name === "memory_available_ratio")?.at).toBe(now - 20_000);
  const bare = hostFacts([hostOf("h1", { memoryAvailableBytes: undefined, findings: [] })], new Map(), now, now);
  expect(bare.map(({ name }) => name).sort()).toEqual(["host_silent_seconds", "provider_hosts_silent"]);
});

test("a disk that does not fill stands at 1000 days; one without history is not known", () => {
  const days = (each: HostState["disks"][number]) =>
    valueOf(hostFacts([hostOf("h1", { disks: [each] })], new Map(), now, now), "disk_days_to_full", {
      ...{ host: "h1", path: "/data" },
    });
  expect(days(disk(undefined))).toBe(1_000);
  expect(days(disk(undefined, false))).toBeUndefined();
});

test("silence counts from the last figures, or from the start; of a provider only where two are silent", () => {
  const silent = (name: string) => hostOf(name, { readAt: now - 200_000 });
  const one = hostFacts([silent("h1"), hostOf("h2")], new Map(), now, now);
  expect(valueOf(one, "host_silent_seconds", { host: "h1" })).toBe(200);
  expect(valueOf(one, "provider_hosts_silent", { provider: "north" })).toBe(0);
  const two = hostFacts([silent("h1"), silent("h2"), hostOf("h3")], new Map(), now, now);
  expect(valueOf(two, "provider_hosts_silent", { provider: "north" })).toBe(2);
  const page = { place: "x", from: "page" as const, readAt: undefined, error: undefined };
  const never = hostFacts([hostOf("h1", { readAt: undefined, pages: [page] })], new Map(), now - 90_000, now);
  expect(valueOf(never, "host_silent_seconds", { host: "h1" })).toBe(90);
  const unwatched = { verdict: "unknown" as const, reason: "host-unwatched" as const, detail: "", facts: {} };
  expect(hostFacts([hostOf("h1", { readAt: undefined, findings: [unwatched] })], new Map(), 0, now)).toEqual([]);
});

test("restarts of the last hour; what a process was before it was first seen is not counted", () => {
  const process = (restarts: number, startedAt: number): HostState["processes"][number] => ({
    ...{ place: "http://user:secret@h1:5054/metrics?x=1", readAt: now, client: "x", keys: undefined, peers: undefined },
    ...{
      startedAt,
      restarts,
      cpuCores: undefined,
      residentBytes: undefined,
      openFiles: undefined,
      maxFiles: undefined,
    },
  });
  const labels = { host: "h1", process: "h1:5054/metrics" };
  const look = (
    restarts: number,
    startedAt: number,
    at: number,
    memory = new Map() as ReturnType<typeof withRestarts>,
  ) => {
    const hosts = [hostOf("h1", { processes: [process(restarts, startedAt)] })];
    const next = withRestarts(memory, hosts, at);
    return { next, value: valueOf(hostFacts(hosts, next, at, at), "process_restarts", labels) };
  };
  const first = look(4, now - 1_000, now);
  expect(first.value).toBe(0);
  const second = look(5, now + 10_000, now + 20_000, first.next);
  expect(second.value).toBe(1);
  expect(look(5, now + 10_000, now + 10_000 + 3_600_001, second.next).value).toBe(0);
});
