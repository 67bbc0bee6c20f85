/** What a reader gets: the items after its cursor, and the span that fell out before it asked, if any. */
export interface RingPage<T> {
  items: readonly { readonly seq: number; readonly item: T }[];
  /** Pass as `after` next time. */
  nextAfter: number;
  /** Present when items after the cursor were overwritten before they were read: both ends included. */
  gap?: { fromSeq: number; toSeq: number };
}

export interface Ring<T> {
  /** Adds an item, dropping the oldest when full, and returns its sequence number (the first is 1). */
  push(item: T): number;
  /** At most `limit` items whose sequence number is greater than `after`. */
  readAfter(after: number, limit?: number): RingPage<T>;
  readonly lastSeq: number;
}

/** A bounded log that says what it lost: skipped work leaves a recorded gap. */
export function createRing<T>(capacity: number): Ring<T> {
  const slots: T[] = [];
  let lastSeq = 0;
  return {
    get lastSeq() {
      return lastSeq;
    },
    push(item) {
      slots[lastSeq % capacity] = item;
      return ++lastSeq;
    },
    readAfter(after, limit = capacity) {
      const oldest = Math.max(1, lastSeq - capacity + 1);
      // A cursor from before a restart may lie ahead of this ring: start over rather than wait for it.
      const cursor = after > lastSeq ? 0 : after;
      const first = Math.max(cursor + 1, oldest);
      const last = Math.min(lastSeq, first + limit - 1);
      const items = [];
      for (let seq = first; seq <= last; seq++) items.push({ seq, item: slots[(seq - 1) % capacity] as T });
      const page: RingPage<T> = { items, nextAfter: Math.max(last, cursor) };
      if (cursor + 1 < oldest) page.gap = { fromSeq: cursor + 1, toSeq: oldest - 1 };
      return page;
    },
  };
}
