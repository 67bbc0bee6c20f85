import type { Clock } from "../../lib/clock.ts";
import type { Network } from "../../upstream/types.ts";
import { expiresAt } from "./expiry.ts";
import type { ReplayItem, ReplayKind } from "./replay-items.ts";

export const replayKinds: readonly ReplayKind[] = [
  "preparations",
  "sync-subscriptions",
  "committee-subscriptions",
  "registrations",
];

/** What is kept of an item: its JSON, when it ends, and the signer's time where it has one. */
export interface StoredItem {
  json: string;
  expiresAt: number;
  timestamp: number;
  /** When a validator client told it, ms since the epoch. */
  receivedAt: number;
}

/** What validator clients told the group, newest per validator, until it expires. Nothing signed for a duty is here. */
export interface ReplayStore {
  add(kind: ReplayKind, items: readonly ReplayItem[]): void;
  /** Puts back what a snapshot held; expired items, and items of which a newer one is there, are left out. */
  load(kind: ReplayKind, key: string, item: StoredItem): void;
  /** The fee recipient that a validator client named last for a validator, lower case. */
  preparedRecipient(validatorIndex: string): string | undefined;
  /** The living items of a kind. */
  items(kind: ReplayKind): IterableIterator<[string, StoredItem]>;
  count(kind: ReplayKind): number;
  /** Forgets what has expired. */
  expire(): void;
  /** Grows with every change: a snapshot is due when it differs from the one last written. */
  readonly revision: number;
  /** Items not kept because the store was full. */
  readonly overflowed: number;
}

/** `onAdd` hears of every item that passes, for the duty calendar. */
export function createReplayStore(
  clock: Clock,
  network: () => Network | undefined,
  maxItems: number,
  onAdd?: (items: readonly Pick<ReplayItem, "validatorIndex">[]) => void,
): ReplayStore {
  const maps = new Map<ReplayKind, Map<string, StoredItem>>(
    replayKinds.map((kind) => [kind, new Map<string, StoredItem>()]),
  );
  const mapOf = (kind: ReplayKind) => maps.get(kind) as Map<string, StoredItem>;
  let revision = 0;
  let overflowed = 0;

  function put(kind: ReplayKind, key: string, item: StoredItem): void {
    const map = mapOf(kind);
    if (!map.has(key) && map.size >= maxItems) {
      overflowed++;
      return;
    }
    map.set(key, item);
    revision++;
  }

  return {
    add(kind, items) {
      onAdd?.(items);
      const now = clock.now();
      const known = network();
      const map = mapOf(kind);
      for (const item of items) {
        const before = map.get(item.key);
        // A registration that was signed earlier never replaces a later one (builder-specs).
        if (before && before.timestamp > item.timestamp) continue;
        const ends = expiresAt(kind, item, known, now);
        if (ends <= now) continue;
        if (before) {
          before.json = item.json;
          before.expiresAt = ends;
          before.timestamp = item.timestamp;
          before.receivedAt = now;
          revision++;
        } else put(kind, item.key, { json: item.json, expiresAt: ends, timestamp: item.timestamp, receivedAt: now });
      }
    },
    load(kind, key, item) {
      const before = mapOf(kind).get(key);
      if (item.expiresAt > clock.now() && (!before || isNewer(item, before))) put(kind, key, item);
    },
    preparedRecipient(validatorIndex) {
      const item = mapOf("preparations").get(validatorIndex);
      if (!item || item.expiresAt <= clock.now()) return undefined;
      const { fee_recipient } = JSON.parse(item.json) as { fee_recipient?: string };
      return fee_recipient?.toLowerCase();
    },
    *items(kind) {
      const now = clock.now();
      for (const entry of mapOf(kind)) if (entry[1].expiresAt > now) yield entry;
    },
    count: (kind) => mapOf(kind).size,
    expire() {
      const now = clock.now();
      for (const map of maps.values())
        for (const [key, item] of map)
          if (item.expiresAt <= now) {
            map.delete(key);
            revision++;
          }
    },
    get revision() {
      return revision;
    },
    get overflowed() {
      return overflowed;
    },
  };
}

/** The validator index in the key of a stored item. */
export function indexOfKey(kind: ReplayKind, key: string): number | undefined {
  return kind === "registrations" ? undefined : Number.parseInt(key, 10);
}

function isNewer(a: StoredItem, b: StoredItem): boolean {
  return a.timestamp === b.timestamp ? a.receivedAt > b.receivedAt : a.timestamp > b.timestamp;
}
