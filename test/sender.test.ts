import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../src/lib/fake-clock.ts";
import { silentLogger } from "../src/lib/log.ts";
import type { Channel } from "../src/notify/channel.ts";
import { startSender, type Sender, type SenderOptions } from "../src/notify/start-sender.ts";
import type { OutboxStore } from "../src/outbox/ports.ts";
import { pagePolicy } from "../src/outbox/retry-plan.ts";
import { outboxRules } from "../src/outbox/rules.ts";
import type { ClaimedMessage, NewMessage, SendResult } from "../src/outbox/types.ts";
import { outboxStore } from "../src/store/outbox/outbox-store.ts";
import { openSqliteStore, type Store } from "../src/store/store.ts";

const accepted: SendResult = { kind: "accepted", providerMessageId: "p1" };
const failed = (errorClass: "unreachable" | "refused" | "ambiguous", retryAfterMs?: number): SendResult => ({
  ...{ kind: "failed", errorClass, detail: "no" },
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

interface Pending {
  message: ClaimedMessage;
  signal: AbortSignal;
  end: (result: SendResult) => void;
}

let clock: FakeClock;
let store: Store;
let outbox: OutboxStore;
let sender: Sender | undefined;
let ids = 0;
let keys = 0;
beforeEach(async () => {
  clock = createFakeClock();
  store = await openSqliteStore(":memory:", () => "", {} as never);
  const real = outboxStore(store.db, { rules: outboxRules, newId: () => `id${String(++ids).padStart(6, "0")}` });
  outbox = { ...real, now: () => Promise.resolve(clock.now()) };
});
afterEach(async () => {
  await sender?.stop();
  sender = undefined;
  await store.close();
});

/** A channel whose sends end when the test says so. */
function manualChannel(name: string, changes: Partial<Channel> = {}) {
  const pending: Pending[] = [];
  const sent: string[] = [];
  const channel: Channel = {
    ...{ name, repeat: "visible", policy: pagePolicy, pace: undefined },
    send: (message, signal) => {
      sent.push(`${message.recipient} ${message.kind}`);
      return new Promise((resolve) => pending.push({ message, signal, end: resolve }));
    },
    ...changes,
  };
  const next = () => pending.shift() as Pending;
  return { channel, pending, sent, next };
}

const message = (kind: NewMessage["kind"], changes: Partial<NewMessage> = {}): NewMessage => ({
  ...{ recipient: "ann", channel: "slack", address: "C1", groupKey: "g1", kind, dedupKey: `k${++keys}`, fallbacks: [] },
  body: { title: "t", text: "", links: [], severity: "warning" },
  ...changes,
});
const enqueue = (...messages: NewMessage[]) => outbox.enqueue(messages, clock.now());
function start(channels: Channel[], changes: Partial<SenderOptions> = {}): Sender {
  sender = startSender({ store: outbox, channels, clock, random: () => 0, log: silentLogger, ...changes });
  return sender;
}
/** Until everything that can go on has gone on; the store answers over turns of the event loop. */
async function settle(ms = 0): Promise<void> {
  for (let left = ms; left >= 0; left -= 1_000) {
    await clock.advance(Math.min(left, 1_000));
    for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
const states = async () =>
  (await outbox.find({ limit: 50 })).reverse().map(({ channel, kind, state }) => `${channel} ${kind} ${state}`);

describe("the sender", () => {
  test("wakes on commit, sends, and writes the result; of one stream one at a time, in order", async () => {
    const slack = manualChannel("slack");
    start([slack.channel]);
    await settle();
    await enqueue(message("firing"), message("update"), message("page", { recipient: "bob", address: "C2" }));
    expect(slack.sent).toEqual([]);
    sender?.wake();
    await settle();
    expect(slack.sent.sort()).toEqual(["ann firing", "bob page"]);
    for (const one of slack.pending.splice(0)) one.end(accepted);
    await settle();
    const update = slack.next();
    expect(update.message).toMatchObject({ kind: "update", threadRoot: "p1" });
    update.end(accepted);
  });

  test("without a wake it looks every five seconds", async () => {
    const slack = manualChannel("slack");
    start([slack.channel]);
    await settle();
    await enqueue(message("firing"));
    await settle(4_900);
    expect(slack.sent).toEqual([]);
    await settle(200);
    expect(slack.sent).toEqual(["ann firing"]);
    slack.next().end(accepted);
  });

  test("a failure is tried again when it is due, and not before", async () => {
    const slack = manualChannel("slack");
    await enqueue(message("firing"));
    start([slack.channel]);
    await settle();
    slack.next().end(failed("unreachable", 3_000));
    await settle();
    await settle(2_990);
    expect(slack.pending).toHaveLength(0);
    await settle(20);
    const second = slack.next();
    expect(second.message).toMatchObject({ attempt: 2, failures: 1 });
    second.end(accepted);
  });

  test("failed for good, it goes on by the fallback channel at once; a channel that is gone is such a failure", async () => {
    const mail = manualChannel("mail");
    const seen: string[] = [];
    await enqueue(message("firing", { fallbacks: [{ channel: "mail", address: "a@example.org" }] }));
    start([mail.channel], { onOutcome: ({ channel }, { kind, reason }) => seen.push(`${channel} ${kind} ${reason}`) });
    await settle();
    mail.next().end(accepted);
    await settle();
    expect(await states()).toEqual(["slack firing failed", "mail firing sent"]);
    expect(seen).toEqual(["slack failed refused-by-provider", "mail sent accepted"]);
  });

  test("a send that does not end is ended after ten seconds, well inside its lease, and is tried again", async () => {
    const slack = manualChannel("slack");
    await enqueue(message("firing"));
    start([slack.channel]);
    await settle();
    const { signal } = slack.next();
    await settle(10_000);
    expect(signal.aborted).toBe(true);
    await settle(1_000);
    expect((await outbox.find({ limit: 1 }))[0]).toMatchObject({
      state: "pending",
      errorClass: "timeout",
      mayHaveArrived: true,
    });
  });

  test("after an unknown end: a page is repeated, an update waits for a person", async () => {
    const slack = manualChannel("slack");
    await enqueue(message("page"), message("update", { recipient: "bob", address: "C2" }));
    // Both were claimed by a process that died.
    expect(await outbox.claim({ limit: 10, now: clock.now() })).toHaveLength(2);
    start([slack.channel]);
    await settle();
    await settle(30_000);
    expect(slack.sent).toEqual(["ann page"]);
    slack.next().end(accepted);
    await settle();
    expect((await states()).sort()).toEqual(["slack page sent", "slack update held"]);
  });

  test("a provider that can be asked is asked first", async () => {
    const asked: string[] = [];
    const slack = manualChannel("slack", {
      repeat: "look-up",
      find: ({ recipient }) => {
        asked.push(recipient);
        return Promise.resolve(recipient === "ann" ? { kind: "found", providerMessageId: "p9" } : { kind: "absent" });
      },
    });
    await enqueue(message("update"), message("update", { recipient: "bob", address: "C2" }));
    await outbox.claim({ limit: 10, now: clock.now() });
    start([slack.channel]);
    await settle();
    await settle(30_000);
    expect(asked.sort()).toEqual(["ann", "bob"]);
    expect(slack.sent).toEqual(["bob update"]);
    slack.next().end(accepted);
    await settle();
    const [found] = await outbox.find({ limit: 1, recipient: "ann" });
    expect(found).toMatchObject({ state: "sent", reason: "found-at-provider", providerMessageId: "p9" });
  });

  test("a place with a pace gets one after the other, the others are not held up", async () => {
    const slack = manualChannel("slack", { pace: { perAddressMs: 1_000 } });
    await enqueue(
      ...["a", "b", "c"].map((groupKey) => message("firing", { groupKey })),
      message("firing", { recipient: "bob", address: "C2" }),
    );
    start([slack.channel]);
    await settle();
    expect(slack.sent.sort()).toEqual(["ann firing", "bob firing"]);
    for (const one of slack.pending.splice(0)) one.end(accepted);
    await settle(900);
    expect(slack.pending).toHaveLength(0);
    await settle(200);
    expect(slack.pending).toHaveLength(1);
    slack.next().end(accepted);
  });

  test("stopping ends what is being sent, and claims nothing more", async () => {
    const slack = manualChannel("slack");
    await enqueue(message("firing"), message("update"));
    const running = start([slack.channel]);
    await settle();
    let isStopped = false;
    const stopped = running.stop().then(() => (isStopped = true));
    await settle();
    expect(isStopped).toBe(false);
    slack.next().end(accepted);
    await stopped;
    expect(await states()).toEqual(["slack firing sent", "slack update pending"]);
  });

  test("a store that is away, and a channel that throws, do not end it", async () => {
    const slack = manualChannel("slack");
    let isAway = true;
    const claim: OutboxStore["claim"] = (request) =>
      isAway ? Promise.reject(new Error("disk full")) : outbox.claim(request);
    await enqueue(message("firing"));
    const thrower = { ...slack.channel, send: () => Promise.reject(new Error("token 1234")) };
    start([thrower], { store: { ...outbox, claim } });
    await settle();
    isAway = false;
    await settle(5_000);
    const [stored] = await outbox.find({ limit: 1 });
    expect(stored).toMatchObject({
      state: "pending",
      errorClass: "ambiguous",
      detail: "the channel failed with Error",
    });
  });
});
