import type { HttpGet } from "../../fleet/sources/source-io.ts";
import type { FleetHost } from "../../fleet/validator-sources.ts";
import type { Cancel, Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { cpuUseBetween, readHost, type HostReading } from "../read-host.ts";
import type { PrometheusServer } from "../signal-sources.ts";
import { readTarget } from "./ask-prometheus.ts";
import { addDiskPoint, forecastDisk, type DiskPoint } from "./disk-forecast.ts";
import type { DiskState, HostState, PageState, ProcessState } from "./host-state.ts";
import { judgeState, worst, type HostFacts } from "./judge-state.ts";
import { readPage, type PageReading } from "./page-reader.ts";
import { readClient } from "./read-client.ts";

export interface HostsConfig {
  hosts: readonly FleetHost[];
  prometheus: PrometheusServer | undefined;
}

export interface FollowHostsOptions {
  config: HostsConfig;
  get: HttpGet;
  clock: Clock;
  /** Does the chain finalize now? `undefined`: not known. For the disk's two rates. */
  isFinalityLate: () => boolean | undefined;
  onError: (error: unknown) => void;
}

export interface HostFollower {
  /** In the order of the configuration, as of now. */
  hosts(): readonly HostState[];
  reconfigure(config: HostsConfig): void;
  /** Reads every page now; one round runs at a time. */
  read(): Promise<void>;
  stop(): void;
}

export const hostPeriodMs = 30_000;
const deadlineMs = 10_000;
const atOnce = 8;

interface Memory {
  reading: HostReading | undefined;
  readAt: number | undefined;
  before: HostReading | undefined;
  disks: Map<string, readonly DiskPoint[]>;
  processes: Map<string, ProcessState & { cpuSeconds: number | undefined }>;
  pages: Map<string, PageState>;
}

/** Reads the metrics pages of machines every 30 seconds, or asks an existing Prometheus for them. */
export function followHosts(options: FollowHostsOptions): HostFollower {
  const { clock, get } = options;
  const stopped = new AbortController();
  const memories = new Map<string, Memory>();
  let { config } = options;
  let running: Promise<void> | undefined;

  function memoryOf(name: string): Memory {
    const known = memories.get(name);
    if (known) return known;
    const made: Memory = {
      ...{ reading: undefined, readAt: undefined, before: undefined },
      ...{ disks: new Map(), processes: new Map(), pages: new Map() },
    };
    memories.set(name, made);
    return made;
  }

  async function readOnce(): Promise<void> {
    const { prometheus } = config;
    const jobs = config.hosts.flatMap((host) => [
      ...host.metrics.map((place) => ({ host, place, from: "page" as const })),
      ...(prometheus ? host.prometheus.map((place) => ({ host, place, from: "prometheus" as const })) : []),
    ]);
    const waiting = jobs.values();
    const work = async () => {
      for (const { host, place, from } of waiting) {
        // Each has a deadline of its own: pages that hang must not use up the time of those behind them.
        const read = await withDeadline(clock, deadlineMs, stopped.signal, (signal) =>
          from === "prometheus" && prometheus
            ? readTarget(prometheus, place, get, signal)
            : readPage(place, get, clock.now, signal),
        );
        if (!stopped.signal.aborted) take(memoryOf(host.name), place, from, read);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  }

  function take(memory: Memory, place: string, from: PageState["from"], read: PageReading): void {
    const known = memory.pages.get(place);
    if (!read.ok) {
      memory.pages.set(place, { place, from, readAt: known?.readAt, error: read.error });
      return;
    }
    memory.pages.set(place, { place, from, readAt: read.at, error: undefined });
    const host = readHost(read.index);
    if (host) {
      memory.before = memory.reading;
      memory.reading = host;
      memory.readAt = read.at;
      for (const { mountpoint, availableBytes, sizeBytes } of host.filesystems) {
        const point = { at: read.at, availableBytes, sizeBytes, isFinalityLate: options.isFinalityLate() };
        memory.disks.set(mountpoint, addDiskPoint(memory.disks.get(mountpoint) ?? [], point));
      }
    }
    const client = readClient(read.index);
    if (client) memory.processes.set(place, processOf(memory.processes.get(place), place, read.at, client));
  }

  function stateOf(host: FleetHost): HostState {
    const memory = memoryOf(host.name);
    const places = new Set([...host.metrics, ...host.prometheus]);
    const { reading, readAt } = memory;
    const disks: DiskState[] = (reading?.filesystems ?? []).map(({ type: _, ...disk }) => ({
      ...disk,
      forecast: forecastDisk(memory.disks.get(disk.mountpoint) ?? [], disk.availableBytes),
    }));
    const facts: HostFacts = {
      ...{ isUnwatched: places.size === 0, reading, readAt, disks },
      cpu: cpuUseBetween(memory.before, reading),
      processes: [...memory.processes.values()]
        .filter(({ place }) => places.has(place))
        .map(({ cpuSeconds: _, ...process }) => process),
      pages: [...memory.pages.values()].filter(({ place }) => places.has(place)),
    };
    const findings = judgeState(facts, clock.now());
    return {
      ...{ name: host.name, provider: host.provider, region: host.region },
      ...{ verdict: worst(findings), findings, readAt, cpu: facts.cpu, cores: reading?.cores, load1: reading?.load1 },
      memoryTotalBytes: reading?.memoryTotalBytes,
      memoryAvailableBytes: reading?.memoryAvailableBytes,
      bootedAt: reading?.bootedAt,
      ...{ disks, processes: facts.processes, pages: facts.pages },
    };
  }

  function read(): Promise<void> {
    running ??= readOnce().finally(() => (running = undefined));
    return running;
  }
  const readByItself = () => void read().catch(options.onError);
  readByItself();
  const stopTimer: Cancel = clock.every(hostPeriodMs, readByItself);

  return {
    hosts: () => config.hosts.map(stateOf),
    read,
    reconfigure(next) {
      config = next;
      const names = new Set(next.hosts.map(({ name }) => name));
      for (const name of memories.keys()) if (!names.has(name)) memories.delete(name);
      readByItself();
    },
    stop() {
      stopped.abort();
      stopTimer();
    },
  };
}

/** A process that began later than the one before is another one: it was restarted. */
function processOf(
  before: (ProcessState & { cpuSeconds: number | undefined }) | undefined,
  place: string,
  at: number,
  { client, keys, peers, process }: NonNullable<ReturnType<typeof readClient>>,
): ProcessState & { cpuSeconds: number | undefined } {
  const { startedAt, cpuSeconds } = process;
  const isAnother =
    before?.startedAt !== undefined && startedAt !== undefined && startedAt > before.startedAt + clockJitterMs;
  const spent =
    before?.cpuSeconds !== undefined && cpuSeconds !== undefined && !isAnother
      ? cpuSeconds - before.cpuSeconds
      : undefined;
  const elapsed = before ? (at - before.readAt) / 1000 : 0;
  return {
    ...{ place, readAt: at, client, keys, peers, startedAt, cpuSeconds },
    restarts: (before?.restarts ?? 0) + (isAnother ? 1 : 0),
    cpuCores: spent !== undefined && spent >= 0 && elapsed > 0 ? spent / elapsed : undefined,
    residentBytes: process.residentBytes,
    openFiles: process.openFiles,
    maxFiles: process.maxFiles,
  };
}

/** Some clients compute their start from a clock that is corrected meanwhile. */
const clockJitterMs = 2_000;
