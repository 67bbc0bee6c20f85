import { isIP } from "node:net";
import type { Fact } from "../../alerts/fact.ts";
import type { KeyReconciliation } from "../../signals/key-reconciliation.ts";
import type { FreshGroup } from "./chain-facts.ts";
import { epochMsOf } from "./types.ts";

/** Keys at each place that could be read, against the inventory. Where a place tells only how many it has, there is no fact. */
export function keyFacts(keys: readonly KeyReconciliation[]): Fact[] {
  return keys.flatMap(({ place, checkedAt: at, loaded, error, counts }) => {
    if (at === undefined || loaded === undefined || error) return [];
    return (["doubled", "missing", "unexpected"] as const).map((what) => ({
      ...{ name: `keys_${what}`, labels: { place }, value: counts[what], at },
    }));
  });
}

const hourMs = 3_600_000;
/** Both clients name the key again in each epoch: after two without that, one of them has stopped. */
const doubledEpochs = 2;
const addressMarginMs = 30_000;

/** Slashable messages that a gateway has counted, to tell how many of them are of the last hour. */
export type RefusalMemory = ReadonlyMap<string, { refused: number; seenAts: readonly number[] }>;

const maxSeen = 1_000;

/** Notes refusals since the look before; at the first look only the last one's time is known. */
export function withRefusals(memory: RefusalMemory, groups: readonly FreshGroup[], now: number): RefusalMemory {
  const next = new Map(memory);
  for (const { gateway, status } of groups) {
    const { refused = 0, last } = status.tripwire ?? {};
    const key = `${gateway} ${status.group}`;
    const known = memory.get(key);
    const before = known && known.refused <= refused ? known.refused : 0;
    const isFirst = known === undefined;
    const fresh = isFirst ? Math.min(1, refused) : refused - before;
    if (known && fresh === 0 && known.refused === refused && known.seenAts.length === 0) continue;
    const kept = (known?.seenAts ?? []).filter((at) => now - at <= hourMs);
    const times = Array.from({ length: Math.min(fresh, maxSeen) }, () => last?.at ?? now);
    next.set(key, { refused, seenAts: [...kept, ...times].slice(-maxSeen) });
  }
  return next;
}

/** Since when the same two clients of a gateway's group name the same validators, and when they last did. */
export type DoubledMemory = ReadonlyMap<string, { firstAt: number; lastAt: number; clients: readonly string[] }>;

/** Notes clients that name the same validator; others of them, or two epochs without that, are a new beginning. */
export function withDoubled(memory: DoubledMemory, groups: readonly FreshGroup[]): DoubledMemory {
  const next = new Map(memory);
  for (const { gateway, status } of groups) {
    const { duplicateKey, network } = status;
    if (!duplicateKey || !network) continue;
    const key = `${gateway} ${status.group}`;
    const known = memory.get(key);
    const { at, clients } = duplicateKey;
    const goesOn =
      known !== undefined &&
      at - known.lastAt <= doubledEpochs * epochMsOf(network) &&
      clients.filter((client) => known.clients.includes(client)).length > 1;
    next.set(key, { firstAt: goesOn ? known.firstAt : at, lastAt: at, clients });
  }
  return next;
}

/**
 * Does a key serve at two clients? A client that moves to another address looks the same for an epoch; one with a name of
 * its own does not.
 */
function isDoubled({ gateway, status }: FreshGroup, doubled: DoubledMemory, now: number): boolean {
  const { duplicateKey, network, group } = status;
  if (!duplicateKey || !network || now - duplicateKey.at > doubledEpochs * epochMsOf(network)) return false;
  if (duplicateKey.clients.filter((client) => isIP(client) === 0).length > 1) return true;
  const { firstAt = duplicateKey.at } = doubled.get(`${gateway} ${group}`) ?? {};
  return duplicateKey.at - firstAt > epochMsOf(network) + addressMarginMs;
}

/** What gateways saw of keys: slashable messages that they did not pass on, and keys that two clients use at once. */
export function gatewaySafetyFacts(
  groups: readonly FreshGroup[],
  refusals: RefusalMemory,
  doubled: DoubledMemory,
  now: number,
): Fact[] {
  const facts: Fact[] = [];
  for (const [group, sights] of Map.groupBy(groups, ({ status }) => status.group)) {
    const at = Math.max(...sights.map((sight) => sight.at));
    const refused = sights.flatMap(({ gateway }) => refusals.get(`${gateway} ${group}`)?.seenAts ?? []);
    const value = refused.filter((seenAt) => now - seenAt <= hourMs).length;
    facts.push({ name: "slashing_refusals", labels: { group }, value, at });
    const isTwice = sights.some((sight) => isDoubled(sight, doubled, now));
    facts.push({ name: "keys_doubled", labels: { place: `clients of group ${group}` }, value: Number(isTwice), at });
  }
  return facts;
}
