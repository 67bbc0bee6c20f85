import type { EvidenceRecord } from "../control/types.ts";
import { createRing, type Ring } from "../lib/ring.ts";

/**
 * The ring of evidence. Records that name many validators are large: beyond `mostNamed` names in the whole ring the oldest
 * lose their lists, and say so by `unlisted`. Whoever reads in time has them all.
 */
export function createEvidenceRing(capacity: number, mostNamed: number): Ring<EvidenceRecord> {
  const ring = createRing<EvidenceRecord>(capacity);
  /** Records with names, oldest first, from `first` on. */
  let named: { record: EvidenceRecord; count: number; seq: number }[] = [];
  let first = 0;
  let total = 0;

  function give(): void {
    const oldest = named[first++];
    if (!oldest) return;
    total -= oldest.count;
    const { published } = oldest.record;
    if (published) oldest.record.published = { ...published, votes: [], unlisted: published.unlisted + oldest.count };
    if (first > 1_024 && first * 2 > named.length) {
      named = named.slice(first);
      first = 0;
    }
  }

  return {
    get lastSeq() {
      return ring.lastSeq;
    },
    push(record) {
      const seq = ring.push(record);
      // What fell out of the ring is not held by this list either.
      while ((named[first]?.seq ?? Infinity) <= seq - capacity) give();
      const count = record.published?.votes.reduce((sum, { signers }) => sum + signers.length, 0) ?? 0;
      if (count === 0) return seq;
      named.push({ record, count, seq });
      total += count;
      while (total > mostNamed && named.length - first > 1) give();
      return seq;
    },
    readAfter: (after, limit) => ring.readAfter(after, limit),
  };
}
