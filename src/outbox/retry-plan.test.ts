import { expect, test } from "vitest";
import { afterResult, beforeSend, pagePolicy, type PlanInput } from "./retry-plan.ts";
import { outboxMessage } from "./testing/sample-message.ts";
import type { ErrorClass, MessageKind, SendResult } from "./types.ts";

const input: PlanInput = { policy: pagePolicy, repeat: "visible", random: 0 };
const failed = (errorClass: ErrorClass, retryAfterMs?: number): SendResult => ({
  ...{ kind: "failed", errorClass, detail: "it said no" },
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

test("waits double to their bound, half of each random, until the attempts are used up", () => {
  const waits = [];
  for (let failures = 0; ; failures++) {
    const outcome = afterResult(outboxMessage({ failures }), failed("unreachable"), 1_000, input);
    if (outcome.kind !== "retry") {
      expect(outcome).toMatchObject({ kind: "failed", reason: "attempts-used-up", failures: pagePolicy.maxFailures });
      break;
    }
    waits.push(outcome.nextAttemptAt - 1_000);
    const latest = afterResult(outboxMessage({ failures }), failed("unreachable"), 0, { ...input, random: 0.999_999 });
    expect(latest.kind === "retry" && latest.nextAttemptAt).toBeCloseTo(2 * (waits.at(-1) ?? 0), 0);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
});

test("the provider's wait is kept to, and is no failure that counts", () => {
  const outcome = afterResult(outboxMessage({ failures: 5 }), failed("rate-limited", 7_000), 1_000, input);
  expect(outcome).toMatchObject({ kind: "retry", reason: "retry-after", nextAttemptAt: 8_000, failures: 5 });
  const last = outboxMessage({ attempt: pagePolicy.maxAttempts });
  expect(afterResult(last, failed("rate-limited", 1), 0, input)).toMatchObject({ kind: "failed" });
});

test.each([
  ["refused", "refused-by-provider"],
  ["bad-recipient", "bad-recipient"],
] as const)("%s is final at once", (errorClass, reason) => {
  expect(afterResult(outboxMessage(), failed(errorClass), 0, input)).toMatchObject({ kind: "failed", reason });
});

test.each([
  ["timeout", true],
  ["ambiguous", true],
  ["unreachable", false],
  ["rate-limited", false],
  ["refused", false],
] as const)("after %s the message may have arrived: %s; once it may, it always may", (errorClass, mayHaveArrived) => {
  expect(afterResult(outboxMessage(), failed(errorClass), 0, input)).toMatchObject({ mayHaveArrived });
  const before = outboxMessage({ mayHaveArrived: true });
  expect(afterResult(before, failed(errorClass), 0, input)).toMatchObject({ mayHaveArrived: true });
});

test.each([
  ["page", "visible", "retry", "send"],
  ["firing", "visible", "retry", "send"],
  ["update", "visible", "held", "hold"],
  ["update", "look-up", "retry", "look-up"],
  ["update", "harmless", "retry", "send"],
] as const)("an ambiguous %s where a repeat is %s: %s, then %s", (kind: MessageKind, repeat, outcome, next) => {
  const message = outboxMessage({ kind });
  expect(afterResult(message, failed("ambiguous"), 0, { ...input, repeat }).kind).toBe(outcome);
  expect(beforeSend({ ...message, mayHaveArrived: true }, repeat)).toBe(next);
  expect(beforeSend(message, repeat)).toBe("send");
});
