import { describeError } from "../lib/app-error.ts";
import type { FollowOptions } from "./follow-gateway.ts";
import type { LostSpan, RingCursor } from "./observed-gateway.ts";
import type { ArrivalRecord, EvidenceRecord, GatewayStatus, SequencePage } from "./types.ts";

/** Whoever wants to know what requests saw. Calls come in order; a gateway's rings are read from their start once per process. */
export interface GatewayListener {
  status(gateway: string, status: GatewayStatus): void;
  /** `lost`: evidence before this page that nobody can read any more: overwritten, or gone with a process. */
  evidence(gateway: string, records: readonly EvidenceRecord[], lost: LostSpan | undefined): void;
  /** `hasGap`: others before these were overwritten. */
  arrivals(gateway: string, records: readonly ArrivalRecord[], hasGap: boolean): void;
  /** All evidence up to this status is read. */
  caughtUp(gateway: string, status: GatewayStatus): void;
}

export interface RingReader {
  /** Reads what the status says is new. Returns at once; reads never overlap. */
  catchUp(status: GatewayStatus): void;
  /** A transition with this number exists. */
  hint(seq: number): void;
  /** Resolves when no read is under way. */
  settled(): Promise<void>;
}

const evidencePeriodMs = 5_000;
type Stream = LostSpan["stream"];

interface Opened {
  cursor: RingCursor;
  lost?: LostSpan;
  /** Up to here another process has read it before: a gap in that is none. */
  readBefore?: number;
}

/** Reads a gateway's two rings into the journal, in order, recording what fell out before it was read. */
export function createRingReader(options: Omit<FollowOptions, "onChange" | "random">, signal: AbortSignal): RingReader {
  const { name, client, journal, clock, log, onTransitions, listener } = options;
  const cursors = new Map<Stream, RingCursor>();
  let latest: GatewayStatus | undefined;
  let evidenceReadAt = -Infinity;
  let running: Promise<void> | undefined;
  let arrivals = { startedAt: -1, after: 0 };

  /** The cursor for this gateway process, and the span lost with the process before it, if that is what happened. */
  async function open(stream: Stream, status: GatewayStatus): Promise<Opened> {
    const kept = cursors.get(stream);
    const known = kept ?? (await journal.cursor(name, stream));
    if (known?.startedAt === status.startedAt) {
      // What a monitor before this one has read of the evidence it did not keep: it is read once more.
      if (kept || stream !== "evidence" || !listener) return { cursor: known };
      return { cursor: { ...known, after: 0 }, readBefore: known.after };
    }
    const cursor = { startedAt: status.startedAt, after: 0, readAt: status.startedAt };
    if (!known) return { cursor };
    // What the old process wrote after the last read went with it; how much it was, nobody knows.
    return { cursor, lost: { gateway: name, stream, fromAt: known.readAt, toAt: status.startedAt, count: 0 } };
  }

  async function drain<T extends { at: number }>(
    stream: Stream,
    status: GatewayStatus,
    read: (after: number) => Promise<SequencePage<T>>,
    keep: (page: SequencePage<T>, cursor: RingCursor, lost: LostSpan | undefined) => Promise<void>,
  ): Promise<void> {
    let { cursor, lost, readBefore = 0 } = await open(stream, status);
    while (!signal.aborted) {
      const page = await read(cursor.after);
      if (page.gap && page.gap.toSeq > readBefore) {
        const toAt = page.items[0]?.item.at ?? status.at;
        const fromSeq = Math.max(page.gap.fromSeq, readBefore + 1);
        lost = { gateway: name, stream, fromAt: cursor.readAt, toAt, count: page.gap.toSeq - fromSeq + 1 };
      }
      readBefore = 0;
      if (page.items.length === 0 && !lost && cursors.get(stream)) return;
      cursor = { startedAt: cursor.startedAt, after: page.nextAfter, readAt: clock.now() };
      await keep(page, cursor, lost);
      cursors.set(stream, cursor);
      lost = undefined;
      if (page.items.length === 0) return;
    }
  }

  async function readOnce(status: GatewayStatus): Promise<void> {
    if (
      (cursors.get("transitions")?.after ?? -1) < status.lastTransitionSeq ||
      cursors.get("transitions")?.startedAt !== status.startedAt
    )
      await drain(
        "transitions",
        status,
        (after) => client.transitions(after, signal),
        async ({ items }, cursor, lost) => {
          const stored = await journal.append({ gateway: name, items, cursor, ...(lost ? { lost } : {}) });
          if (stored.length > 0) onTransitions(stored);
        },
      );
    if (clock.monotonic() - evidenceReadAt < evidencePeriodMs) return;
    evidenceReadAt = clock.monotonic();
    await drain(
      "evidence",
      status,
      (after) => client.evidence(after, signal),
      async ({ items, gap }, cursor, lost) => {
        await journal.skipEvidence(name, cursor, lost);
        const unseen = { gateway: name, stream: "evidence", fromAt: status.startedAt, count: 0 } as const;
        listener?.evidence(
          name,
          items.map(({ item }) => item),
          lost ?? (gap && { ...unseen, toAt: items[0]?.item.at ?? status.at }),
        );
      },
    );
    if (!listener) return;
    await readArrivals(status, listener);
    listener.caughtUp(name, status);
  }

  /** Kept in memory only, on both sides: a restart of either begins anew. */
  async function readArrivals(status: GatewayStatus, to: GatewayListener): Promise<void> {
    if (arrivals.startedAt !== status.startedAt) arrivals = { startedAt: status.startedAt, after: 0 };
    while (!signal.aborted) {
      const { items, nextAfter, gap } = await client.arrivals(arrivals.after, signal);
      if (items.length === 0) return;
      arrivals = { ...arrivals, after: nextAfter };
      to.arrivals(
        name,
        items.map(({ item }) => item),
        gap !== undefined,
      );
    }
  }

  function start(): void {
    running ??= (async () => {
      while (latest && !signal.aborted) {
        const status = latest;
        latest = undefined;
        await readOnce(status);
      }
    })()
      .catch((error: unknown) => {
        // Nothing is lost: the cursor did not move, and the next status tries again.
        if (!signal.aborted)
          log.warn({ gateway: name, error: describeError(error) }, "reading the gateway's rings failed");
      })
      .finally(() => {
        running = undefined;
      });
  }

  let lastStatus: GatewayStatus | undefined;
  return {
    catchUp(status) {
      latest = lastStatus = status;
      start();
    },
    hint(seq) {
      if (!lastStatus) return;
      latest = lastStatus = { ...lastStatus, lastTransitionSeq: Math.max(seq, lastStatus.lastTransitionSeq) };
      start();
    },
    settled: async () => {
      await running;
    },
  };
}
