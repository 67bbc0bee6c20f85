import type { Integer, OptionalInteger } from "../tables.ts";

/** Times are ms since the epoch; `body` and `fallbacks` are JSON; `lane` is channel and address. */
export interface OutboxTable {
  id: string;
  recipient: string;
  channel: string;
  address: string;
  groupKey: string;
  streamKey: string;
  lane: string;
  seq: Integer;
  kind: string;
  dedupKey: string;
  body: string;
  fallbacks: string;
  priority: Integer;
  state: string;
  attempt: Integer;
  failures: Integer;
  /** 0 or 1. */
  mayHaveArrived: Integer;
  leaseToken: string | null;
  leaseUntil: OptionalInteger;
  nextAttemptAt: Integer;
  providerMessageId: string | null;
  errorClass: string | null;
  reason: string | null;
  detail: string | null;
  fallbackOf: string | null;
  createdAt: Integer;
  sentAt: OptionalInteger;
  endedAt: OptionalInteger;
}
