import type { Insertable, Selectable } from "kysely";
import type { OutboxReasonCode } from "../../outbox/reasons.ts";
import type {
  Destination,
  ErrorClass,
  MessageBody,
  MessageKind,
  MessageState,
  NewMessage,
  OutboxMessage,
} from "../../outbox/types.ts";
import { toNumber, toOptionalNumber } from "../codec.ts";
import type { OutboxTable } from "./outbox-table.ts";

export interface RowPlace {
  id: string;
  streamKey: string;
  lane: string;
  seq: number;
  priority: number;
  fallbackOf: string | undefined;
  now: number;
}

/** How a message begins; where it ends at once, `ended` says why. */
export function newRow(message: NewMessage, place: RowPlace, ended?: OutboxReasonCode): Insertable<OutboxTable> {
  const { recipient, channel, address, groupKey, kind, dedupKey } = message;
  const { id, streamKey, lane, seq, priority, now } = place;
  return {
    ...{ id, recipient, channel, address, groupKey, streamKey, lane, seq, kind, dedupKey, priority },
    body: JSON.stringify(message.body),
    fallbacks: JSON.stringify(message.fallbacks),
    state: (ended ? "dropped" : "pending") satisfies MessageState,
    ...{ attempt: 0, failures: 0, mayHaveArrived: 0, leaseToken: null, leaseUntil: null, nextAttemptAt: now },
    ...{ providerMessageId: null, errorClass: null, reason: ended ?? null, detail: null },
    ...{ fallbackOf: place.fallbackOf ?? null, createdAt: now, sentAt: null, endedAt: ended ? now : null },
  };
}

export function messageOf(row: Selectable<OutboxTable>): OutboxMessage {
  const { id, recipient, channel, address, groupKey, streamKey, dedupKey } = row;
  return {
    ...{ id, recipient, channel, address, groupKey, streamKey, dedupKey },
    // Written by this store only; words of other versions are kept as they came.
    kind: row.kind as MessageKind,
    state: row.state as MessageState,
    errorClass: (row.errorClass ?? undefined) as ErrorClass | undefined,
    reason: (row.reason ?? undefined) as OutboxReasonCode | undefined,
    body: JSON.parse(row.body) as MessageBody,
    fallbacks: JSON.parse(row.fallbacks) as Destination[],
    seq: toNumber(row.seq),
    attempt: toNumber(row.attempt),
    failures: toNumber(row.failures),
    mayHaveArrived: toNumber(row.mayHaveArrived) !== 0,
    leaseToken: row.leaseToken ?? undefined,
    leaseUntil: toOptionalNumber(row.leaseUntil),
    nextAttemptAt: toNumber(row.nextAttemptAt),
    providerMessageId: row.providerMessageId ?? undefined,
    detail: row.detail ?? undefined,
    fallbackOf: row.fallbackOf ?? undefined,
    createdAt: toNumber(row.createdAt),
    sentAt: toOptionalNumber(row.sentAt),
    endedAt: toOptionalNumber(row.endedAt),
  };
}
