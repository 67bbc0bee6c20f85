import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { pagerdutyChannel } from "../../src/notify/pagerduty.ts";
import { slackChannel } from "../../src/notify/slack.ts";
import { startSender, type FailpointName } from "../../src/notify/start-sender.ts";
import { telegramChannel } from "../../src/notify/telegram.ts";
import { webhookChannel } from "../../src/notify/webhook.ts";
import { outboxRules } from "../../src/outbox/rules.ts";
import type { MessageKind } from "../../src/outbox/types.ts";
import { outboxStore } from "../../src/store/outbox/outbox-store.ts";
import { openSqliteStore } from "../../src/store/store.ts";
import { messagesOf, token, type ChildOrder, type ChildReport } from "./round.ts";

process.once("message", (order: ChildOrder) => void run(order));
process.once("disconnect", () => process.exit(1));

async function run(order: ChildOrder): Promise<void> {
  const store = await openSqliteStore(order.path, () => "", {} as never);
  const real = outboxStore(store.db, { rules: outboxRules, newId: randomUUID });
  const outbox = { ...real, now: async () => (await real.now()) + order.aheadMs };
  const enqueue = async (groups: readonly string[], kind: MessageKind) => {
    const messages = groups.flatMap((group) => messagesOf(group, kind));
    await outbox.enqueue(messages, await outbox.now());
  };
  await enqueue(order.resolveFirst, "resolve");

  let passesLeft = Infinity;
  const failpoint = (name: FailpointName) => {
    if (name === order.next?.failpoint && --passesLeft === 0) process.kill(process.pid, "SIGKILL");
  };
  const parts = { dispatcher: new Agent(), clock: systemClock };
  const secret = { reveal: () => token };
  const hook = (name: string, path: string) =>
    webhookChannel({ ...parts, name, url: { reveal: () => order.urls.hook + path }, signingKey: secret });
  const sender = startSender({
    ...{
      store: outbox,
      clock: systemClock,
      random: Math.random,
      log: createLogger("silent"),
      failpoint,
      concurrency: order.next?.concurrency ?? 10,
    },
    channels: [
      slackChannel({ ...parts, name: "slack", token: secret, url: order.urls.slack }),
      telegramChannel({ ...parts, name: "telegram", token: secret, url: order.urls.telegram }),
      pagerdutyChannel({ ...parts, name: "pagerduty", routingKey: secret, url: order.urls.pagerduty, source: "bench" }),
      hook("hook", "/hook"),
      hook("refusing", "/refusing"),
    ],
  });
  const tell = async (groups: readonly string[], kind: MessageKind) => {
    await enqueue(groups, kind);
    sender.wake();
    while ((await outbox.oldestUnfinishedAt()) !== undefined) await systemClock.sleep(5);
  };
  await tell([], "firing");
  await tell(order.resolveLater, "resolve");
  await report("drained");
  if (order.next) {
    const { group, during, pass } = order.next;
    if (during === "firing") passesLeft = pass;
    await tell([group], "firing");
    passesLeft = Math.min(passesLeft, pass);
    await tell([group], "resolve");
    // The last passes may come after everything is written.
    await systemClock.sleep(50);
    await report("survived");
  }
  await sender.stop();
  await store.close();
  process.exit();
}

function report(what: ChildReport): Promise<void> {
  return new Promise((resolve) => process.send?.(what, () => resolve()));
}
