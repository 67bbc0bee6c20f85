import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { KyselyPlugin } from "kysely";
import { Agent } from "undici";
import type { Fact } from "../../src/alerts/fact.ts";
import { createRespondEngine } from "../../src/app/respond/respond-engine.ts";
import { Secret } from "../../src/fleet/secret.ts";
import { systemClock, type Clock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/log.ts";
import { pagerdutyChannel } from "../../src/notify/pagerduty.ts";
import { slackChannel } from "../../src/notify/slack.ts";
import { startSender } from "../../src/notify/start-sender.ts";
import { telegramChannel } from "../../src/notify/telegram.ts";
import { webhookChannel } from "../../src/notify/webhook.ts";
import { outboxRules } from "../../src/outbox/rules.ts";
import { outboxStore } from "../../src/store/outbox/outbox-store.ts";
import { openPostgresStore } from "../../src/store/postgres/open-postgres-store.ts";
import { respondStore } from "../../src/store/respond-store.ts";
import { openSqliteStore, type Store } from "../../src/store/store.ts";
import { settingsFor } from "./people.ts";
import { token, type ChildOrder, type ChildReport, type KillPoint, type StorePlace } from "./round.ts";

const leaseMs = 1_000;

process.once("message", (order: ChildOrder) => void run(order));
process.once("disconnect", () => process.exit(1));

async function run(order: ChildOrder): Promise<void> {
  const store = await openStore(order.store);
  let passesLeft = Infinity;
  const pass = (name: KillPoint) => {
    if (name === order.next?.failpoint && --passesLeft === 0) process.kill(process.pid, "SIGKILL");
  };
  let isCommitting = false;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      if (isCommitting && node.kind !== "SelectQueryNode") pass("in-commit");
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const parts = { rules: outboxRules, newId: randomUUID };
  const real = outboxStore(store.db, parts);
  const outbox = { ...real, now: async () => (await real.now()) + order.aheadMs };
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + order.aheadMs };
  const settings = settingsFor([order.open?.group, order.next?.group].filter((group) => group !== undefined));
  let wake: () => void = () => undefined;
  const engine = await createRespondEngine({
    ...{ store: respondStore(store.db.withPlugin(counting), parts), outbox, clock },
    context: () => ({
      settings,
      gateways: [],
      listeningSince: 0,
      linkTo: ({ id }) => `https://bench.example/${encodeURIComponent(id)}`,
    }),
    onCommitted: () => wake(),
    failpoint(name) {
      isCommitting = name === "before-commit";
      pass(name);
    },
  });

  const ready = new Map<string, number>();
  const judge = async () => {
    const facts = [...ready].map(([group, value]): Fact => {
      return { name: "upstream_ready_count", labels: { group }, value, at: clock.now() };
    });
    await engine.step({ rules: { facts } });
  };
  const say = async (group: string, value: number) => {
    ready.set(group, value);
    await judge();
    // As the monitor does every second: an alarm's own incident suppresses it from the next look on.
    await judge();
    while ((await outbox.oldestUnfinishedAt()) !== undefined) await sleep(5);
  };
  if (order.open?.ends === "first") {
    ready.set(order.open.group, 2);
    await judge();
  }
  const http = { dispatcher: new Agent(), clock: systemClock };
  const secret = { reveal: () => token };
  const hook = (name: string, path: string) =>
    webhookChannel({ ...http, name, url: { reveal: () => order.urls.hook + path }, signingKey: secret });
  const sender = startSender({
    ...{ store: outbox, clock: systemClock, random: Math.random, log: createLogger("silent"), failpoint: pass },
    concurrency: order.next?.concurrency ?? 10,
    channels: [
      slackChannel({ ...http, name: "slack", token: secret, url: order.urls.slack }),
      telegramChannel({ ...http, name: "telegram", token: secret, url: order.urls.telegram }),
      pagerdutyChannel({ ...http, name: "pagerduty", routingKey: secret, url: order.urls.pagerduty, source: "bench" }),
      hook("hook", "/hook"),
      hook("refusing", "/refusing"),
    ],
  });
  ({ wake } = sender);
  if (order.open?.ends === "later") await say(order.open.group, 0);
  if (order.open) await say(order.open.group, 2);
  while ((await outbox.oldestUnfinishedAt()) !== undefined) await sleep(5);
  await report("drained");
  if (order.next) {
    const { group, during, pass: passes } = order.next;
    if (during === "firing") passesLeft = passes;
    await say(group, 0);
    passesLeft = Math.min(passesLeft, passes);
    await say(group, 2);
    // The last passes may come after everything is written.
    await sleep(50);
    await report("survived");
  }
  await sender.stop();
  await store.close();
  process.exit();
}

async function openStore(place: StorePlace): Promise<Store> {
  if (place.kind === "sqlite") return openSqliteStore(place.path, () => "", {} as never);
  const url = new Secret(place.url, "the bench");
  const store = await openPostgresStore(url, () => "", {} as never, { holder: `process ${process.pid}`, leaseMs });
  while ((await store.leader.acquire()) === undefined) await sleep(20);
  const renewing = setInterval(() => void store.leader.renew(), leaseMs / 4);
  return { ...store, close: () => (clearInterval(renewing), store.close()) };
}

function report(what: ChildReport): Promise<void> {
  return new Promise((resolve) => process.send?.(what, () => resolve()));
}
