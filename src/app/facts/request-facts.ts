import type { Fact } from "../../alerts/fact.ts";
import { minuteMs, quarterMs, type ClientRequests, type RequestMemory } from "./request-memory.ts";

const leastRequests = 100;
const dayQuarters = 96;
const days = 7;

/** Requests of the last 15 minutes against the same time of day before; no fact until a day has been watched. */
export function surgeFacts({ clients, watched }: RequestMemory, now: number): Fact[] {
  const minute = Math.floor(now / minuteMs);
  const quarter = Math.floor(now / quarterMs);
  const pastDays = Array.from({ length: days }, (_, day) => quarter - (day + 1) * dayQuarters).filter(
    (past) => watched[past] && watched[past - 1],
  );
  if (pastDays.length === 0 || !(watched[quarter] || watched[quarter - 1])) return [];
  return Object.values(clients).map(({ group, client, minutes, quarters }) => {
    let recent = 0;
    for (let each = minute - 14; each <= minute; each += 1) recent += minutes[each] ?? 0;
    const sum = pastDays.reduce((all, past) => all + Math.max(quarters[past] ?? 0, quarters[past - 1] ?? 0), 0);
    const usual = Math.max(1, sum / pastDays.length);
    const labels = { group, client: client || "all clients" };
    return { name: "request_surge_multiple", labels, value: recent < leastRequests ? 0 : recent / usual, at: now };
  });
}

/** Since when all gateways are heard, and for how long one of them was not before that. */
export interface Heard {
  /** `undefined`: one of them is not heard now. */
  since: number | undefined;
  lostAt: number;
}

export function withHeard({ since, lostAt }: Heard, areAllHeard: boolean, now: number): Heard {
  if (areAllHeard) return { since: since ?? now, lostAt };
  return { since: undefined, lostAt: since === undefined ? lostAt : now };
}

/**
 * Has what was asked while nobody listened come in? After a moment it is read back within seconds; after longer, or a
 * start, it may be lost, but who is there asks again within an epoch.
 */
function isCaughtUp({ since, lostAt }: Heard, epochMs: number, now: number): boolean {
  if (since === undefined) return false;
  return now - since >= (since - lostAt <= minuteMs ? minuteMs : epochMs);
}

/**
 * Validator clients that were heard of once and ask for nothing, anywhere. Only clients with a name of their own: an
 * address may be left for another one at any time. While a gateway is not heard, nobody knows whom it serves.
 */
export function silentFacts(
  { clients }: RequestMemory,
  options: { named: ReadonlySet<string>; heard: Heard; epochMs: number | undefined; now: number },
): Fact[] {
  const { named, heard, epochMs, now } = options;
  if (epochMs === undefined || !isCaughtUp(heard, epochMs, now)) return [];
  const lastAt = new Map<string, number>();
  const known = Object.values(clients).filter(({ client }) => named.has(client));
  for (const { client, lastAt: at } of known) lastAt.set(client, Math.max(at, lastAt.get(client) ?? 0));
  return known.map(({ group, client }: ClientRequests) => ({
    name: "client_requests_silent_epochs",
    labels: { group, client },
    value: Math.max(0, Math.floor((now - (lastAt.get(client) ?? now)) / epochMs)),
    at: now,
  }));
}
