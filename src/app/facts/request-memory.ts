import type { EvidenceRecord } from "../../control/types.ts";

/** Requests of one client to one group. Counts are by minute and by quarter of an hour, numbered from 1970. */
export interface ClientRequests {
  group: string;
  client: string;
  lastAt: number;
  minutes: Record<number, number>;
  quarters: Record<number, number>;
}

/** What gateways told of requests. Plain data, so that it can be kept over a restart. */
export interface RequestMemory {
  clients: Record<string, ClientRequests>;
  /** Quarters in which any gateway told of requests: in the others nobody looked. */
  watched: Record<number, true>;
}

export const minuteMs = 60_000;
export const quarterMs = 15 * minuteMs;
export const keptQuarters = 7 * 96 + 2;
const keptMinutes = 16;
/** Whom else we hear of is counted with its group alone. */
const maxClients = 500;

export function noRequests(): RequestMemory {
  return { clients: {}, watched: {} };
}

/** Counts requests, in place: there are thousands a second. Each counts for its client and for its group as a whole. */
export function countRequests(memory: RequestMemory, records: readonly EvidenceRecord[]): void {
  for (const { at, group, client } of records) {
    memory.watched[Math.floor(at / quarterMs)] = true;
    count(memory, group, "", at);
    count(memory, group, client, at);
  }
}

function count({ clients }: RequestMemory, group: string, client: string, at: number): void {
  const key = `${group} ${client}`;
  let entry = clients[key];
  if (!entry) {
    if (client !== "" && Object.keys(clients).length >= maxClients) return;
    entry = { group, client, lastAt: at, minutes: {}, quarters: {} };
    clients[key] = entry;
  }
  entry.lastAt = Math.max(entry.lastAt, at);
  const minute = Math.floor(at / minuteMs);
  const quarter = Math.floor(at / quarterMs);
  entry.minutes[minute] = (entry.minutes[minute] ?? 0) + 1;
  entry.quarters[quarter] = (entry.quarters[quarter] ?? 0) + 1;
}

/** Forgets what is older than 7 days, and clients that were not heard of for so long. */
export function forgetRequests({ clients, watched }: RequestMemory, now: number): void {
  const [oldestQuarter, oldestMinute] = [
    Math.floor(now / quarterMs) - keptQuarters,
    Math.floor(now / minuteMs) - keptMinutes,
  ];
  drop(watched, oldestQuarter);
  for (const [key, entry] of Object.entries(clients)) {
    drop(entry.quarters, oldestQuarter);
    drop(entry.minutes, oldestMinute);
    if (entry.lastAt < oldestQuarter * quarterMs) Reflect.deleteProperty(clients, key);
  }
}

function drop(counts: Record<number, unknown>, before: number): void {
  for (const key of Object.keys(counts)) if (Number(key) < before) Reflect.deleteProperty(counts, key);
}
