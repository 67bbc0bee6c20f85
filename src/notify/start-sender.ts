import { describeError } from "../lib/app-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { OutboxStore } from "../outbox/ports.ts";
import { afterResult, heldOutcome, pagePolicy, type PlanInput } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, Outcome } from "../outbox/types.ts";
import { attemptMessage, type Attempt } from "./attempt-message.ts";
import type { Channel } from "./channel.ts";
import { createPacer } from "./pacer.ts";

/** Where a test may stop the process. `after-accept`: the provider has it, and nothing is written of that. */
export type FailpointName = "before-claim" | "after-claim" | "before-send" | "after-accept" | "after-record";

export interface SenderOptions {
  store: OutboxStore;
  channels: readonly Channel[];
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  log: Logger;
  /** Sends at the same time (10). */
  concurrency?: number;
  /** After each attempt whose result was written: for metrics, and for the alarm about the alarm. */
  onOutcome?: (message: ClaimedMessage, outcome: Outcome) => void;
  failpoint?: (name: FailpointName) => void | Promise<void>;
}

export interface Sender {
  /** To be called when messages were committed: they are looked at now and not at the next sweep. */
  wake(): void;
  /** Claims nothing more, and resolves when everything that is being sent has ended and its result is written. */
  stop(): Promise<void>;
}

/** Without a call of `wake`, the outbox is looked at so often. */
const sweepMs = 5_000;
const defaultConcurrency = 10;

/** Sends what the outbox holds until it is stopped. Several may run, in one process or many: leases keep them apart. */
export function startSender(options: SenderOptions): Sender {
  const { store, clock, log, concurrency = defaultConcurrency } = options;
  const channels = new Map(options.channels.map((channel) => [channel.name, channel]));
  const failpoint = async (name: FailpointName) => options.failpoint?.(name);
  const pacer = createPacer();
  const inFlight = new Set<Promise<void>>();
  let isStopping = false;
  let isWoken = false;
  let endRest: () => void = () => undefined;

  function wake(): void {
    isWoken = true;
    endRest();
  }

  /** Claims until nothing is due or everything is busy. Returns the ms until something waits to be done. */
  async function fill(): Promise<number> {
    while (!isStopping && inFlight.size < concurrency) {
      await failpoint("before-claim");
      const now = await store.now();
      const limit = concurrency - inFlight.size;
      const claimed = await store.claim({ limit, now, ...pacer.busy(clock.monotonic()) });
      if (claimed.length === 0) return ((await store.nextDueAt(now)) ?? Infinity) - now;
      await failpoint("after-claim");
      claimed.forEach(begin);
    }
    return Infinity;
  }

  function begin(message: ClaimedMessage): void {
    const sending = deliver(message).finally(() => {
      inFlight.delete(sending);
      wake();
    });
    inFlight.add(sending);
  }

  /** Never rejects: what cannot be written is told, and the lease runs out. */
  async function deliver(message: ClaimedMessage): Promise<void> {
    const channel = channels.get(message.channel) ?? missingChannel(message.channel);
    pacer.started(message, channel, clock.monotonic());
    const attempt = await attemptMessage(message, channel, clock, () => failpoint("before-send"));
    pacer.ended(message, channel, attempt.kind === "result" ? attempt.result : undefined, clock.monotonic());
    try {
      if (attempt.kind === "result" && attempt.result.kind === "accepted") await failpoint("after-accept");
      await record(message, channel, attempt);
      await failpoint("after-record");
    } catch (error) {
      log.error({ message: message.id, error: describeError(error) }, "the result of a message could not be stored");
    }
  }

  async function record(message: ClaimedMessage, channel: Channel, attempt: Attempt): Promise<void> {
    const now = await store.now();
    const input: PlanInput = { policy: channel.policy, repeat: channel.repeat, random: options.random() };
    const outcome = outcomeOf(message, attempt, now, input);
    const isWritten = await store.finish(message.id, message.leaseToken, outcome, now);
    const { id, channel: name, kind, recipient, attempt: number } = message;
    const line = {
      message: id,
      channel: name,
      kind,
      recipient,
      attempt: number,
      outcome: outcome.kind,
      reason: outcome.reason,
    };
    if (!isWritten) log.warn(line, "the lease of a message was lost before its result was stored");
    else if (outcome.kind === "sent") log.info(line, "message sent");
    else if (outcome.kind === "retry")
      log.warn({ ...line, detail: outcome.detail }, "message not sent, tried again later");
    else log.error({ ...line, detail: outcome.detail }, "message not sent");
    if (isWritten) options.onOutcome?.(message, outcome);
  }

  async function rest(waitMs: number): Promise<void> {
    if (isWoken || isStopping) return;
    const free = pacer.nextFreeMs(clock.monotonic()) ?? Infinity;
    const ended = new AbortController();
    endRest = () => ended.abort();
    await clock.sleep(Math.max(1, Math.min(sweepMs, waitMs, free)), ended.signal);
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      isWoken = false;
      const waitMs = await fill().catch((error: unknown) => {
        log.error({ error: describeError(error) }, "the outbox could not be read: messages wait");
        // A send that ends wakes the loop; a store that is away is asked again at the sweep.
        return sweepMs;
      });
      await rest(waitMs);
    }
    await Promise.all(inFlight);
  }

  const running = run();
  return {
    wake,
    stop() {
      isStopping = true;
      endRest();
      return running;
    },
  };
}

function outcomeOf(message: ClaimedMessage, attempt: Attempt, now: number, input: PlanInput): Outcome {
  switch (attempt.kind) {
    case "found":
      return { kind: "sent", reason: "found-at-provider", providerMessageId: attempt.providerMessageId };
    case "held":
      return heldOutcome(message);
    case "result":
      return afterResult(message, attempt.result, now, input);
  }
}

/** A message for a channel that is not configured any more: it goes to its fallback. */
function missingChannel(name: string): Channel {
  return {
    ...{ name, repeat: "harmless", policy: pagePolicy, pace: undefined },
    send: () =>
      Promise.resolve({ kind: "failed", errorClass: "refused", detail: "no channel of that name is configured" }),
  };
}
