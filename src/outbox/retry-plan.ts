import { backoffMs } from "../lib/retry.ts";
import type { OutboxReasonCode } from "./reasons.ts";
import type { ErrorClass, OutboxMessage, Outcome, SendResult } from "./types.ts";

/** How often and how fast a channel is tried. */
export interface RetryPolicy {
  /** Failed attempts after which it is failed for good; `rate-limited` ones do not count. */
  maxFailures: number;
  /** Attempts of any kind after which one more `rate-limited` fails for good. */
  maxAttempts: number;
  /** First and longest wait, in ms. */
  baseMs: number;
  maxMs: number;
}

/** A page: six attempts in about a minute, then the fallback. */
export const pagePolicy: RetryPolicy = { maxFailures: 6, maxAttempts: 60, baseMs: 1_000, maxMs: 60_000 };

/** A machine at the other end that may be down for a while: two days, as PagerDuty retries its own webhooks. */
export const webhookPolicy: RetryPolicy = { maxFailures: 60, maxAttempts: 600, baseMs: 1_000, maxMs: 3_600_000 };

/**
 * What a repeat does at the provider. `harmless`: it has a key by which it knows the message again. `look-up`: it can be
 * asked whether it has it. `visible`: people see it twice.
 */
export type RepeatEffect = "harmless" | "look-up" | "visible";

export interface PlanInput {
  policy: RetryPolicy;
  repeat: RepeatEffect;
  /** In [0, 1): spreads the waits. */
  random: number;
}

/** What to do with a message that was claimed: an earlier attempt of unknown end may have arrived. */
export function beforeSend(message: OutboxMessage, repeat: RepeatEffect): "send" | "look-up" | "hold" {
  if (!message.mayHaveArrived || repeat === "harmless") return "send";
  if (repeat === "look-up") return "look-up";
  return mayRepeat(message) ? "send" : "hold";
}

/** Pages repeat rather than get lost; an update for a stakeholder waits for a person. */
export function mayRepeat({ kind }: Pick<OutboxMessage, "kind">): boolean {
  return kind !== "update";
}

/** True where the provider may have the message although the attempt failed. */
export function isUncertain(errorClass: ErrorClass): boolean {
  return errorClass === "timeout" || errorClass === "ambiguous";
}

/** The state after one attempt of the message as it was claimed. `now` is ms since the epoch, of the database's clock. */
export function afterResult(message: OutboxMessage, result: SendResult, now: number, input: PlanInput): Outcome {
  if (result.kind === "accepted")
    return { kind: "sent", reason: "accepted", providerMessageId: result.providerMessageId };
  const { policy, repeat, random } = input;
  const { errorClass, detail } = result;
  const mayHaveArrived = message.mayHaveArrived || isUncertain(errorClass);
  const failures = message.failures + (errorClass === "rate-limited" ? 0 : 1);
  const failed = { errorClass, detail, failures, mayHaveArrived };
  const final = finalReason(errorClass, failures, message.attempt, policy);
  if (final) return { kind: "failed", reason: final, ...failed };
  if (isUncertain(errorClass) && repeat === "visible" && !mayRepeat(message))
    return { kind: "held", reason: "waits-for-person", ...failed };
  const waitMs = backoffMs(Math.max(0, failures - 1), policy.baseMs, policy.maxMs, () => random);
  const asked = result.retryAfterMs;
  if (asked === undefined) return { kind: "retry", reason: "retry-backoff", nextAttemptAt: now + waitMs, ...failed };
  // Never earlier than asked; a little later, so that all who were told the same do not come back together.
  return { kind: "retry", reason: "retry-after", nextAttemptAt: now + asked + random * policy.baseMs, ...failed };
}

/** What a claim of an update becomes when it may have arrived and nobody can be asked. */
export function heldOutcome(message: OutboxMessage): Outcome {
  return {
    ...{ kind: "held", reason: "waits-for-person", errorClass: "ambiguous", failures: message.failures },
    ...{ detail: "an earlier attempt ended without an answer", mayHaveArrived: true },
  };
}

function finalReason(
  errorClass: ErrorClass,
  failures: number,
  attempt: number,
  policy: RetryPolicy,
): OutboxReasonCode | undefined {
  switch (errorClass) {
    case "refused":
      return "refused-by-provider";
    case "bad-recipient":
      return "bad-recipient";
    case "rate-limited":
      return attempt >= policy.maxAttempts ? "attempts-used-up" : undefined;
    case "unreachable":
    case "timeout":
    case "ambiguous":
      return failures >= policy.maxFailures ? "attempts-used-up" : undefined;
  }
}
