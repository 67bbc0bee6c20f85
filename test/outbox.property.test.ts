import fc from "fast-check";
import { expect, test } from "vitest";
import { afterResult, beforeSend, heldOutcome, pagePolicy } from "../src/outbox/retry-plan.ts";
import { outboxRules } from "../src/outbox/rules.ts";
import {
  isOpener,
  type ClaimedMessage,
  type ErrorClass,
  type MessageKind,
  type NewMessage,
} from "../src/outbox/types.ts";
import { outboxStore } from "../src/store/outbox/outbox-store.ts";
import { openSqliteStore } from "../src/store/store.ts";

/** What happens to the next message that is claimed. `arrives`: the provider took it although it did not say so. */
type Step =
  | { kind: "tell"; what: MessageKind; channel: string }
  | { kind: "send"; ends: "accepted" | "crash" | ErrorClass; arrives: boolean }
  | { kind: "wait" };

const channels = ["slack", "mail", "hook"];
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("tell" as const),
    what: fc.constantFrom<MessageKind>("firing", "page", "update", "resolve", "resolve"),
    channel: fc.constantFrom("slack", "mail"),
  }),
  fc.record({
    kind: fc.constant("send" as const),
    ends: fc.constantFrom(
      ...(["accepted", "accepted", "crash", "ambiguous", "refused", "refused", "unreachable"] as const),
    ),
    arrives: fc.boolean(),
  }),
  fc.constant({ kind: "wait" as const }),
);

interface Delivery {
  streamKey: string;
  channel: string;
  kind: MessageKind;
  seq: number;
}

/** Plays the steps, all of them on the channels of `own`, then resolves everything and lets every further send succeed. */
async function play(steps: readonly Step[], own: readonly string[]) {
  const store = await openSqliteStore(":memory:", () => "", {} as never);
  let ids = 0;
  let keys = 0;
  let now = 1_000;
  const outbox = outboxStore(store.db, { rules: outboxRules, newId: () => `id${String(++ids).padStart(6, "0")}` });
  const delivered: Delivery[] = [];
  const tell = (kind: MessageKind, channel: string) => {
    const message: NewMessage = {
      ...{ recipient: "ann", channel, address: "a", groupKey: "g", kind, dedupKey: `k${++keys}` },
      body: { title: "t", text: "", links: [], severity: "info" },
      fallbacks: channels.slice(channels.indexOf(channel) + 1).map((next) => ({ channel: next, address: "a" })),
    };
    return outbox.enqueue([message], now);
  };
  const arrive = ({ streamKey, channel, kind, seq }: ClaimedMessage) =>
    void delivered.push({ streamKey, channel, kind, seq });

  async function send(
    message: ClaimedMessage,
    ends: (Step & { kind: "send" })["ends"],
    arrives: boolean,
  ): Promise<void> {
    const input = { policy: pagePolicy, repeat: "visible", random: 0 } as const;
    const finish = (outcome: Parameters<typeof outbox.finish>[2]) =>
      outbox.finish(message.id, message.leaseToken, outcome, now);
    if (beforeSend(message, "visible") === "hold") return void (await finish(heldOutcome(message)));
    const isUnknown = ends === "crash" || ends === "ambiguous";
    if (ends === "accepted" || (isUnknown && arrives)) arrive(message);
    if (ends === "crash") return;
    if (ends === "accepted") {
      await finish(afterResult(message, { kind: "accepted", providerMessageId: "p" }, now, input));
      return;
    }
    await finish(afterResult(message, { kind: "failed", errorClass: ends, detail: "no" }, now, input));
  }

  for (const one of steps) {
    now += 1;
    if (one.kind === "tell") await tell(one.what, own.includes(one.channel) ? one.channel : "slack");
    else if (one.kind === "wait") now += 61_000;
    else for (const message of await outbox.claim({ limit: 1, now })) await send(message, one.ends, one.arrives);
  }
  for (const channel of own) await tell("resolve", channel);
  for (let turn = 0; turn < 300 && (await outbox.oldestUnfinishedAt()) !== undefined; turn++) {
    now += 61_000;
    for (const message of await outbox.claim({ limit: 10, now })) await send(message, "accepted", true);
  }
  const messages = await outbox.find({ limit: 1_000 });
  await store.close();
  return { delivered, messages };
}

test("whatever fails: nothing stays unfinished, streams keep their order, and what was told is taken back where it was told", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, isOne) => {
      const { delivered, messages } = await play(steps, isOne ? ["slack"] : ["slack", "mail"]);
      expect(messages.filter(({ state }) => state === "pending" || state === "sending")).toEqual([]);
      for (const channel of channels) {
        const here = delivered.filter((one) => one.channel === channel);
        for (const [index, one] of here.entries()) expect(one.seq).toBeGreaterThanOrEqual(here[index - 1]?.seq ?? 0);
        const lastTold = here.findLastIndex(({ kind }) => isOpener(kind));
        if (lastTold === -1) continue;
        const isTakenBack = here.slice(lastTold).some(({ kind }) => kind === "resolve");
        // The one exception: the resolve itself was refused for good here, and went on from here.
        const toldSeq = here[lastTold]?.seq ?? 0;
        const isRefused = messages.some(
          (one) => one.channel === channel && one.kind === "resolve" && one.state === "failed" && one.seq > toldSeq,
        );
        expect(isTakenBack || isRefused).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
}, 120_000);
