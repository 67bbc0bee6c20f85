import type { FailurePlan, ResolvePlan } from "./stream-plan.ts";
import type {
  ClaimedMessage,
  Destination,
  MessageKind,
  MessageState,
  NewMessage,
  OutboxMessage,
  Outcome,
} from "./types.ts";

/** The pure decisions that the store applies inside its transactions; `outboxRules` are the real ones. */
export interface OutboxRules {
  planResolve(here: readonly OutboxMessage[], elsewhere: readonly OutboxMessage[]): ResolvePlan;
  planFailure(failed: OutboxMessage, before: readonly OutboxMessage[], waiting: readonly OutboxMessage[]): FailurePlan;
  priorityOf(kind: MessageKind, isFirst: boolean): number;
  fallbackDedupKey(dedupKey: string, destination: Destination): string;
  streamKeyOf(recipient: string, destination: Destination, groupKey: string): string;
  laneOf(destination: Destination): string;
}

export interface ClaimRequest {
  /** At most so many; at most one of each lane. */
  limit: number;
  /** Ms since the epoch, of the database's clock. */
  now: number;
  /** See `laneOf`: places that are asked for patience, or are being written to. */
  busyLanes?: readonly string[];
  /** Channels that take nothing at all just now, by name. */
  busyChannels?: readonly string[];
}

export interface OutboxQuery {
  limit: number;
  state?: MessageState;
  recipient?: string;
  channel?: string;
  groupKey?: string;
}

/** The durable queue of messages. A row of a state that it must not be in any more is never written. */
export interface OutboxStore {
  /** The database's clock, ms since the epoch: leases and waits are counted by it. */
  now(): Promise<number>;
  /**
   * Writes messages in their order, in a transaction of its own; what is known by its `dedupKey` is left out. Code of `store`
   * that changes a state calls `enqueueMessages` in its own transaction instead. Returns how many were new.
   */
  enqueue(messages: readonly NewMessage[], now: number): Promise<number>;
  /**
   * Takes messages that are due, the most urgent first, and commits `sending`, attempt and lease before it returns. A message is
   * due only when no earlier one of its stream is unfinished. One whose lease ran out is due again, and may have arrived.
   */
  claim(request: ClaimRequest): Promise<ClaimedMessage[]>;
  /**
   * Writes what became of an attempt, and what follows from it (fallback, moved and dropped messages), in one transaction.
   * False: the lease was lost, and nothing was written.
   */
  finish(id: string, leaseToken: string, outcome: Outcome, now: number): Promise<boolean>;
  /** When the next message that waits for its time is due, after `now`; `undefined` where none waits. */
  nextDueAt(now: number): Promise<number | undefined>;
  /**
   * A person's word on a message that is `held` or `failed`. False: it is in neither state, or it is to be sent again although
   * a later resolve of its stream is written.
   */
  settle(id: string, verdict: "arrived" | "send-again", now: number): Promise<boolean>;
  counts(): Promise<Readonly<Record<MessageState, number>>>;
  /** When the oldest message was written that is still unfinished; `undefined` where none is. */
  oldestUnfinishedAt(): Promise<number | undefined>;
  /** Newest first. */
  find(query: OutboxQuery): Promise<OutboxMessage[]>;
  /**
   * Deletes messages that ended before `endedBefore`, at most `limit`, and says how many. An alarm without its resolve stays,
   * and so does what was written for it elsewhere.
   */
  expire(endedBefore: number, limit: number): Promise<number>;
}
