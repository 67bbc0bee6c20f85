import type { TopicKind } from "./topics.ts";

/** How much one node may send before its events are dropped: no honest node comes near. */
interface Allowance {
  perSecond: number;
  burst: number;
  bytesPerSecond: number;
  burstBytes: number;
}

const mebi = 1024 * 1024;

/** A slot of mainnet has some 31,000 single attestations, most of them within two seconds. */
const allowances: Readonly<Record<TopicKind, Allowance>> = {
  head: { perSecond: 5, burst: 50, bytesPerSecond: 16_384, burstBytes: mebi },
  shared: { perSecond: 100, burst: 2_000, bytesPerSecond: mebi, burstBytes: 16 * mebi },
  everywhere: { perSecond: 20, burst: 500, bytesPerSecond: mebi, burstBytes: 16 * mebi },
  "single-node": { perSecond: 8_000, burst: 100_000, bytesPerSecond: 16 * mebi, burstBytes: 128 * mebi },
};

/** Bounds what a node's events cost: a flood is dropped before it is parsed, hashed or sent to anybody. */
export interface EventBudget {
  /** False: drop it. Times are monotonic ms. */
  spend(node: string, kind: TopicKind, bytes: number, now: number): boolean;
  /** Forgets nodes that are not among these. */
  keep(nodes: ReadonlySet<string>): void;
}

interface Bucket {
  events: number;
  bytes: number;
  at: number;
}

export function createEventBudget(): EventBudget {
  const buckets = new Map<string, Map<TopicKind, Bucket>>();
  return {
    spend(node, kind, bytes, now) {
      const allowance = allowances[kind];
      let own = buckets.get(node);
      if (!own) buckets.set(node, (own = new Map<TopicKind, Bucket>()));
      let bucket = own.get(kind);
      if (!bucket) own.set(kind, (bucket = { events: allowance.burst, bytes: allowance.burstBytes, at: now }));
      const seconds = Math.max(0, now - bucket.at) / 1_000;
      bucket.at = now;
      bucket.events = Math.min(allowance.burst, bucket.events + seconds * allowance.perSecond);
      bucket.bytes = Math.min(allowance.burstBytes, bucket.bytes + seconds * allowance.bytesPerSecond);
      if (bucket.events < 1 || bucket.bytes < bytes) return false;
      bucket.events -= 1;
      bucket.bytes -= bytes;
      return true;
    },
    keep(nodes) {
      for (const node of buckets.keys()) if (!nodes.has(node)) buckets.delete(node);
    },
  };
}
