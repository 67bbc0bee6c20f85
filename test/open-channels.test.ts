import { Agent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openChannels } from "../src/app/respond/open-channels.ts";
import type { ChannelConfig } from "../src/app/respond/channel-config.ts";
import { Secret } from "../src/fleet/secret.ts";
import { systemClock } from "../src/lib/clock.ts";
import { makeCertificate } from "../src/lib/make-certificate.ts";
import { outboxMessage } from "../src/outbox/testing/sample-message.ts";
import { startMailStandIn, type MailStandIn } from "./support/mail-stand-in.ts";
import { startPagerdutyStandIn, type PagerdutyStandIn } from "./support/pagerduty-stand-in.ts";
import { startProviderStandIn, type ProviderStandIn } from "./support/provider-stand-in.ts";
import { startSlackStandIn, type SlackStandIn } from "./support/slack-stand-in.ts";
import { startTelegramStandIn, type TelegramStandIn } from "./support/telegram-stand-in.ts";

const text = "very-secret-1234";
const secret = new Secret(text, "env TEST");
let dispatcher: Agent;
let slack: SlackStandIn;
let telegram: TelegramStandIn;
let pagerduty: PagerdutyStandIn;
let mail: MailStandIn;
let hook: ProviderStandIn;
let hooked: Record<string, unknown>[];
let configs: ChannelConfig[];

beforeEach(async () => {
  dispatcher = new Agent();
  hooked = [];
  const made = makeCertificate("mail");
  slack = await startSlackStandIn(text, ["C1"]);
  telegram = await startTelegramStandIn(text, ["77"]);
  pagerduty = await startPagerdutyStandIn(text);
  mail = await startMailStandIn(made, { user: "bot", pass: text });
  hook = await startProviderStandIn(({ json }) => (hooked.push(json), { status: 200, body: {} }));
  configs = [
    { name: "s", kind: "slack", place: "C1", token: secret, url: slack.url },
    { name: "t", kind: "telegram", place: undefined, token: secret, url: telegram.url },
    { name: "p", kind: "pagerduty", place: "", routingKey: secret, url: pagerduty.url },
    {
      ...{ name: "m", kind: "email", place: undefined, host: "127.0.0.1", port: mail.port, security: "starttls" },
      ...{ login: { user: "bot", password: secret }, from: "bot@example.org", ca: new Secret(made.cert, "file ca") },
    },
    { name: "h", kind: "webhook", place: "", url: new Secret(`${hook.url}/in`, "env TEST"), signingKey: secret },
  ];
});

afterEach(async () => {
  await dispatcher.destroy();
  await Promise.all([slack, telegram, pagerduty, mail, hook].map((standIn) => standIn.stop()));
});

test("every kind of channel of a configuration sends with its own secret", async () => {
  const channels = openChannels(configs, { dispatcher, clock: systemClock, source: "https://slotkeeper.example" });
  expect(channels.map(({ name }) => name)).toEqual(["s", "t", "p", "m", "h"]);
  const addresses = ["C1", "77", "", "ann@example.org", ""];
  const results = await Promise.all(
    channels.map((channel, i) =>
      channel.send(outboxMessage({ channel: channel.name, address: addresses[i] ?? "" }), new AbortController().signal),
    ),
  );
  expect(results.map(({ kind }) => kind)).toEqual(Array<string>(5).fill("accepted"));
  expect([slack.messages.length, telegram.messages.length, pagerduty.events.length]).toEqual([1, 1, 1]);
  expect([mail.mails.length, hooked.length]).toEqual([1, 1]);
  expect(JSON.stringify(pagerduty.events)).toContain("https://slotkeeper.example");
});
