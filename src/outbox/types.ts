import type { OutboxReasonCode } from "./reasons.ts";

/** `firing` and `page` ask for a person, `resolve` ends them; `update` tells a stakeholder; `test` proves the path. */
export type MessageKind = "firing" | "page" | "acknowledge" | "update" | "resolve" | "test";

/**
 * `held`: it may have arrived, and a person decides whether to repeat it. `pending` and `sending` are unfinished: nothing
 * later of the same stream is sent before they end.
 */
export type MessageState = "pending" | "sending" | "sent" | "failed" | "dropped" | "held";

/** What went wrong with an attempt. After `timeout` and `ambiguous` the message may have arrived all the same. */
export type ErrorClass = "rate-limited" | "unreachable" | "timeout" | "refused" | "bad-recipient" | "ambiguous";

export type MessageSeverity = "critical" | "warning" | "info";

export interface MessageLink {
  label: string;
  url: string;
  /** `acknowledge`: the signed link that acknowledges the page; channels with buttons show it as one. */
  purpose?: "acknowledge";
}

/** Already in words: no channel decides what is said, only how it looks. Plain text, without markup. */
export interface MessageBody {
  /** One line. */
  title: string;
  text: string;
  links: readonly MessageLink[];
  severity: MessageSeverity;
}

/** Where a message goes: a configured channel by its name, and the place in it (channel id, chat id, mail address, or ""). */
export interface Destination {
  channel: string;
  address: string;
}

/** What the code that changes the state writes: one per recipient, in the transaction of the change. */
export interface NewMessage extends Destination {
  /** The person, team or stakeholder it is for, by a name that stays. */
  recipient: string;
  /** The alert group or incident that it speaks of: with recipient and place it makes the stream that is kept in order. */
  groupKey: string;
  kind: MessageKind;
  /** The same key is stored once, however often it is written. */
  dedupKey: string;
  body: MessageBody;
  /** Where it goes next when it failed for good, in this order. */
  fallbacks: readonly Destination[];
}

/** One row of the outbox. Instants are ms since the epoch, by the database's clock. */
export interface OutboxMessage extends NewMessage {
  id: string;
  /** See `streamKeyOf`. */
  streamKey: string;
  /** Its place in the stream, from 1. */
  seq: number;
  state: MessageState;
  /** Times that it was claimed for sending, the present one included. */
  attempt: number;
  /** Attempts that count against the bound: all that failed, but for `rate-limited`. */
  failures: number;
  /** An attempt ended without anybody knowing whether the provider took it. */
  mayHaveArrived: boolean;
  leaseToken: string | undefined;
  leaseUntil: number | undefined;
  nextAttemptAt: number;
  providerMessageId: string | undefined;
  errorClass: ErrorClass | undefined;
  /** Why it is in its state; `undefined` while it waits for its first attempt. */
  reason: OutboxReasonCode | undefined;
  /** What the provider said, without secrets. */
  detail: string | undefined;
  /** The message that this one was written for, because that one failed. */
  fallbackOf: string | undefined;
  createdAt: number;
  sentAt: number | undefined;
  /** When it reached a state that is final. */
  endedAt: number | undefined;
}

/** A message that was claimed, with what a channel needs to thread it. */
export interface ClaimedMessage extends OutboxMessage {
  leaseToken: string;
  /** `providerMessageId` of the first message of this stream's present episode that was sent. */
  threadRoot: string | undefined;
}

/** What a channel says of one attempt. `detail` never holds a secret. */
export type SendResult =
  | { kind: "accepted"; providerMessageId: string | undefined }
  | {
      kind: "failed";
      errorClass: ErrorClass;
      /** The provider asks for this wait. */
      retryAfterMs?: number;
      detail: string;
    };

/** What becomes of the message after an attempt: see `afterResult`. */
export type Outcome =
  | { kind: "sent"; reason: OutboxReasonCode; providerMessageId: string | undefined }
  | (FailedAttempt & { kind: "retry"; nextAttemptAt: number })
  | (FailedAttempt & { kind: "failed" })
  | (FailedAttempt & { kind: "held" });

export interface FailedAttempt {
  reason: OutboxReasonCode;
  errorClass: ErrorClass;
  detail: string;
  /** Attempts that count, this one included where it does. */
  failures: number;
  mayHaveArrived: boolean;
}

/** Messages of this kind tell something that a later resolve takes back. */
export function isOpener(kind: MessageKind): boolean {
  return kind !== "resolve" && kind !== "test";
}

export function isUnfinished(state: MessageState): boolean {
  return state === "pending" || state === "sending";
}

/** The order that must hold: one recipient, one place, one alert group. Two chats of one person are two streams. */
export function streamKeyOf(recipient: string, { channel, address }: Destination, groupKey: string): string {
  return JSON.stringify([recipient, channel, address, groupKey]);
}

/** The place that a provider limits: one address of one channel. */
export function laneOf({ channel, address }: Destination): string {
  return JSON.stringify([channel, address]);
}
