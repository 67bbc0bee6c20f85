import type { RepeatEffect, RetryPolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, SendResult } from "../outbox/types.ts";

/** One configured integration: a Slack workspace, a Telegram bot, a mail server. */
export interface Channel {
  /** As messages name it. */
  name: string;
  repeat: RepeatEffect;
  policy: RetryPolicy;
  /** How fast the provider takes messages; `undefined`: it names no limit. */
  pace: Pace | undefined;
  /**
   * One attempt. Never rejects; ends soon after `signal` aborts, as a failure of class `timeout`. `detail` holds no secret.
   */
  send(message: ClaimedMessage, signal: AbortSignal): Promise<SendResult>;
  /** Where `repeat` is `look-up`: whether the provider has it. Never rejects. */
  find?(message: ClaimedMessage, signal: AbortSignal): Promise<FindResult>;
}

export interface Pace {
  /** Between two messages to one address. */
  perAddressMs: number;
  /** Of the whole channel, in any window of that length. */
  overall?: { count: number; perMs: number };
}

export type FindResult =
  { kind: "found"; providerMessageId: string } | { kind: "absent" } | { kind: "unknown"; detail: string };

/** A value that must not be printed; `Secret` of `fleet` is one. */
export interface SecretText {
  reveal(): string;
}
