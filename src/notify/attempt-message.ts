import { beforeSend, mayRepeat } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, SendResult } from "../outbox/types.ts";
import type { Clock } from "../lib/clock.ts";
import type { Channel } from "./channel.ts";

/** What came of a claim: an answer of the provider, found there from before, or kept for a person. */
export type Attempt =
  { kind: "result"; result: SendResult } | { kind: "found"; providerMessageId: string } | { kind: "held" };

/** Of one whole attempt; the lease is three times as long. */
export const sendTimeoutMs = 10_000;
/** For what does not end when it is told to. */
const graceMs = 1_000;

/** Sends once, or finds out that it is not needed or not allowed. Never rejects, and ends within 11 s whatever the channel does. */
export async function attemptMessage(
  message: ClaimedMessage,
  channel: Channel,
  clock: Clock,
  willSend: () => Promise<void>,
): Promise<Attempt> {
  const deadline = new AbortController();
  const cancel = clock.after(sendTimeoutMs, () => deadline.abort());
  const gaveUp = new AbortController();
  const late = clock.sleep(sendTimeoutMs + graceMs, gaveUp.signal).then((): Attempt => timedOut);
  try {
    return await Promise.race([attempt(message, channel, deadline.signal, willSend), late]);
  } catch (error) {
    // Channels do not reject: this one has a fault, and nobody knows how far it came. Its words may hold a secret.
    const name = error instanceof Error ? error.name : "an error";
    return failed("ambiguous", `the channel failed with ${name}`);
  } finally {
    cancel();
    gaveUp.abort();
  }
}

const timedOut: Attempt = failed("timeout", "the channel did not end in time");

function failed(errorClass: "timeout" | "ambiguous", detail: string): Attempt {
  return { kind: "result", result: { kind: "failed", errorClass, detail } };
}

async function attempt(
  message: ClaimedMessage,
  channel: Channel,
  signal: AbortSignal,
  willSend: () => Promise<void>,
): Promise<Attempt> {
  const plan = beforeSend(message, channel.repeat);
  if (plan === "hold") return { kind: "held" };
  if (plan === "look-up") {
    const found = await channel.find?.(message, signal);
    if (found?.kind === "found") return found;
    if (found?.kind !== "absent" && !mayRepeat(message)) return { kind: "held" };
  }
  await willSend();
  return { kind: "result", result: await channel.send(message, signal) };
}
