import type { GatewayJournal, JournaledTransition, LostSpan, RingCursor } from "../observed-gateway.ts";

export interface MemoryJournal extends GatewayJournal {
  readonly stored: JournaledTransition[];
  readonly lost: LostSpan[];
  /** The next write throws. */
  failNext: boolean;
}

/** For tests: a journal that forgets. */
export function createMemoryJournal(): MemoryJournal {
  const cursors = new Map<string, RingCursor>();
  const stored: JournaledTransition[] = [];
  const lost: LostSpan[] = [];
  return {
    stored,
    lost,
    failNext: false,
    cursor: (gateway, stream) => Promise.resolve(cursors.get(`${gateway}/${stream}`)),
    append(batch) {
      if (this.failNext) {
        this.failNext = false;
        return Promise.reject(new Error("disk full"));
      }
      const added = batch.items.map(({ item }, index) => ({
        ...item,
        id: stored.length + index + 1,
        gateway: batch.gateway,
      }));
      stored.push(...added);
      if (batch.lost) lost.push(batch.lost);
      cursors.set(`${batch.gateway}/transitions`, batch.cursor);
      return Promise.resolve(added);
    },
    skipEvidence(gateway, cursor, span) {
      if (span) lost.push(span);
      cursors.set(`${gateway}/evidence`, cursor);
      return Promise.resolve();
    },
    transitions: () => Promise.resolve([...stored].reverse()),
    lostSpans: () => Promise.resolve(lost),
  };
}
