import type { Fact } from "../../alerts/fact.ts";
import type { HostState } from "../../signals/hosts/host-state.ts";

/** Days that stand for "it does not fill". */
const neverDays = 1_000;
const hourMs = 3_600_000;
/** A machine whose figures are this old is silent: one round of reading is 30 s. */
export const silentMs = 180_000;

/** When a process was seen to have started anew, by `host place`. */
export type RestartMemory = ReadonlyMap<string, { restarts: number; startedAts: readonly number[] }>;

/** What machines say about themselves. `startedAt`: since when anybody reads them. */
export function hostFacts(
  hosts: readonly HostState[],
  restarts: RestartMemory,
  startedAt: number,
  now: number,
): Fact[] {
  return [
    ...hosts.flatMap((host) => [
      ...ofMachine(host),
      ...silence(host, startedAt, now),
      ...ofProcesses(host, restarts, now),
    ]),
    ...providerFacts(hosts, startedAt, now),
  ];
}

function ofMachine(host: HostState): Fact[] {
  const { name, readAt: at, memoryTotalBytes, memoryAvailableBytes, cpu, disks, findings } = host;
  if (at === undefined) return [];
  const facts: Fact[] = [];
  const add = (fact: string, value: number | undefined, labels: Record<string, string> = {}) => {
    if (value !== undefined) facts.push({ name: fact, labels: { host: name, ...labels }, value, at });
  };
  for (const { mountpoint: path, sizeBytes, availableBytes, forecast } of disks) {
    add("disk_available_ratio", sizeBytes > 0 ? availableBytes / sizeBytes : undefined, { path });
    add("disk_days_to_full", forecast.normal && (forecast.normal.daysToFull ?? neverDays), { path });
  }
  if (memoryTotalBytes !== undefined && memoryAvailableBytes !== undefined && memoryTotalBytes > 0)
    add("memory_available_ratio", memoryAvailableBytes / memoryTotalBytes);
  add("cpu_busy_ratio", cpu?.busy);
  for (const {
    reason,
    facts: { offsetMs },
  } of findings)
    if ((reason === "host-clock-off" || reason === "host-clock-good") && typeof offsetMs === "number")
      add("clock_offset_ms", Math.abs(offsetMs));
  return facts;
}

/** Nothing is configured to be read of it: then its silence means nothing. */
function isUnwatched({ pages, readAt, findings }: HostState): boolean {
  return readAt === undefined && pages.length === 0 && findings.some(({ reason }) => reason === "host-unwatched");
}

function silentForMs({ readAt, processes }: HostState, startedAt: number, now: number): number {
  const heardAt = Math.max(readAt ?? startedAt, ...processes.map((process) => process.readAt));
  return Math.max(0, now - heardAt);
}

function silence(host: HostState, startedAt: number, now: number): Fact[] {
  if (isUnwatched(host)) return [];
  const value = silentForMs(host, startedAt, now) / 1_000;
  return [{ name: "host_silent_seconds", labels: { host: host.name }, value, at: now }];
}

/** Machines of one provider that are silent together: one alone is that machine's own matter. */
function providerFacts(hosts: readonly HostState[], startedAt: number, now: number): Fact[] {
  const watched = hosts.filter((host) => !isUnwatched(host) && host.provider !== undefined);
  return [...Map.groupBy(watched, ({ provider }) => provider ?? "")].map(([provider, own]) => {
    const silent = own.filter((host) => silentForMs(host, startedAt, now) > silentMs).length;
    return { name: "provider_hosts_silent", labels: { provider }, value: silent < 2 ? 0 : silent, at: now };
  });
}

/** Notes processes that have started anew since the look before. The first look at a process is none. */
export function withRestarts(memory: RestartMemory, hosts: readonly HostState[], now: number): RestartMemory {
  const next = new Map<string, { restarts: number; startedAts: readonly number[] }>();
  for (const { name, processes } of hosts)
    for (const { place, restarts, startedAt } of processes) {
      const key = `${name} ${place}`;
      const known = memory.get(key);
      const isNew = known !== undefined && restarts > known.restarts;
      const kept = (known?.startedAts ?? []).filter((at) => now - at <= hourMs);
      next.set(key, { restarts, startedAts: isNew ? [...kept, startedAt ?? now] : kept });
    }
  return next;
}

function ofProcesses({ name, processes }: HostState, restarts: RestartMemory, now: number): Fact[] {
  return processes.map(({ place, readAt }) => ({
    name: "process_restarts",
    labels: { host: name, process: processName(place) },
    value: (restarts.get(`${name} ${place}`)?.startedAts ?? []).filter((at) => now - at <= hourMs).length,
    at: readAt,
  }));
}

/** A page's address without user and query: labels are shown to everybody. */
function processName(place: string): string {
  const url = URL.parse(place);
  return url ? `${url.host}${url.pathname}` : place;
}
