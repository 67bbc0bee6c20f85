import { createHmac } from "node:crypto";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../src/lib/clock.ts";
import type { Channel } from "../src/notify/channel.ts";
import { pagerdutyChannel } from "../src/notify/pagerduty.ts";
import { slackChannel } from "../src/notify/slack.ts";
import { telegramChannel } from "../src/notify/telegram.ts";
import { webhookChannel } from "../src/notify/webhook.ts";
import { outboxMessage } from "../src/outbox/testing/sample-message.ts";
import type { ClaimedMessage, SendResult } from "../src/outbox/types.ts";
import { startPagerdutyStandIn, type PagerdutyStandIn } from "./support/pagerduty-stand-in.ts";
import { startProviderStandIn, type ProviderStandIn, type StandInRequest } from "./support/provider-stand-in.ts";
import { startSlackStandIn, type SlackStandIn } from "./support/slack-stand-in.ts";
import { startTelegramStandIn, type TelegramStandIn } from "./support/telegram-stand-in.ts";

const secretText = "very-secret-1234";
const secret = { reveal: () => secretText };
const never = new AbortController().signal;

let dispatcher: Agent;
beforeEach(() => {
  dispatcher = new Agent();
});
afterEach(() => dispatcher.destroy());
const parts = () => ({ dispatcher, clock: systemClock });
const send = (channel: Channel, changes: Partial<ClaimedMessage> = {}, signal = never): Promise<SendResult> =>
  channel.send(outboxMessage(changes), signal);
const body = (title: string, text: string, links: ClaimedMessage["body"]["links"] = []) => ({
  body: { title, text, links, severity: "critical" } as const,
});

/** What every HTTP channel makes of a provider in trouble. */
async function expectTrouble(channel: Channel, standIn: ProviderStandIn, accepted: () => number): Promise<void> {
  const before = accepted();
  standIn.mode = { kind: "fail", status: 500 };
  const failures = [await send(channel)];
  standIn.mode = { kind: "fail", status: 503 };
  failures.push(await send(channel));
  standIn.mode = { kind: "hang" };
  failures.push(await send(channel, {}, AbortSignal.timeout(100)));
  expect(accepted()).toBe(before);
  standIn.mode = { kind: "accept-then-drop" };
  failures.push(await send(channel));
  expect(accepted()).toBe(before + 1);
  await standIn.stop();
  failures.push(await send(channel));
  expect(failures.map((result) => result.kind === "failed" && result.errorClass)).toEqual([
    ...["ambiguous", "unreachable", "timeout", "ambiguous", "unreachable"],
  ]);
  expect(JSON.stringify(failures)).not.toContain(secretText);
}

describe("PagerDuty", () => {
  let standIn: PagerdutyStandIn;
  let channel: Channel;
  beforeEach(async () => {
    standIn = await startPagerdutyStandIn(secretText, 4);
    channel = pagerdutyChannel({ ...parts(), name: "pd", routingKey: secret, url: standIn.url, source: "test" });
  });

  test("an alert group is one incident: triggered, acknowledged, resolved; repeats change nothing", async () => {
    const links = [{ label: "open", url: "http://127.0.0.1/a" }];
    const accepted = { kind: "accepted", providerMessageId: "test/g1" };
    expect(await send(channel, body("x".repeat(2_000), "text", links))).toEqual(accepted);
    expect(await send(channel, body("again", "text"))).toEqual(accepted);
    expect(standIn.open()).toEqual(["test/g1"]);
    expect(await send(channel, { kind: "acknowledge" })).toEqual(accepted);
    expect(await send(channel, { kind: "resolve" })).toEqual(accepted);
    expect(standIn.open()).toEqual([]);
    expect(standIn.events[0]).toMatchObject({
      payload: { severity: "critical", source: "test" },
      links: [{ text: "open" }],
    });
    expect(await send(channel)).toMatchObject({ kind: "failed", errorClass: "rate-limited" });
    await standIn.stop();
  });

  test("a key that is too long becomes its digest, and a wrong routing key is refused without being told", async () => {
    await send(channel, { groupKey: "g".repeat(400) });
    expect(standIn.events[0]?.dedup_key).toHaveLength(64);
    const wrong = pagerdutyChannel({
      ...{ ...parts(), name: "pd", url: standIn.url, source: "test" },
      routingKey: { reveal: () => "wrong-key" },
    });
    const refused = await send(wrong);
    expect(refused).toMatchObject({ kind: "failed", errorClass: "refused" });
    expect(JSON.stringify(refused)).not.toContain("wrong-key");
    await standIn.stop();
  });

  test("trouble", () => expectTrouble(channel, standIn, () => standIn.events.length));
});

describe("Slack", () => {
  let standIn: SlackStandIn;
  let channel: Channel;
  beforeEach(async () => {
    standIn = await startSlackStandIn(secretText, ["C1", "C2", "C3"]);
    channel = slackChannel({ ...parts(), name: "slack", token: secret, url: standIn.url });
  });

  test("a resolve changes the first message and answers in its thread; too fast is told with the wait", async () => {
    const links = [{ label: "Acknowledge", url: "http://x/ack", purpose: "acknowledge" as const }];
    const first = await send(channel, { ...body("bn1 <down>", "a & b", links) });
    expect(first).toEqual({ kind: "accepted", providerMessageId: "C1:1700000000.000001" });
    expect(standIn.messages[0]?.text).toBe("FIRING: bn1 &lt;down&gt;");
    expect(JSON.stringify(standIn.messages[0]?.blocks)).toContain("a &amp; b");
    expect(standIn.messages[0]?.blocks.at(-1)).toMatchObject({ type: "actions", elements: [{ url: "http://x/ack" }] });
    const second = await send(channel);
    expect(second).toMatchObject({ kind: "failed", errorClass: "rate-limited", retryAfterMs: 1_000 });
    await systemClock.sleep(1_050);
    await send(channel, { kind: "resolve", threadRoot: "C1:1700000000.000001" });
    expect(standIn.updates).toEqual(["RESOLVED: bn1 is down"]);
    expect(standIn.messages[1]).toMatchObject({ thread_ts: "1700000000.000001", text: "RESOLVED: bn1 is down" });
    await standIn.stop();
  });

  test("long and awkward texts stay inside Slack's limits", async () => {
    for (const [address, text] of [
      ["C1", "&<>".repeat(30_000)],
      ["C2", "👩‍👩‍👧‍👦".repeat(9_000)],
    ] as const)
      expect(await send(channel, { address, ...body("t".repeat(500), text) })).toMatchObject({ kind: "accepted" });
    await standIn.stop();
  });

  test("a first message that is gone does not keep the resolve from its thread", async () => {
    expect(await send(channel, { kind: "resolve", threadRoot: "C1:1.2" })).toMatchObject({ kind: "accepted" });
    await standIn.stop();
  });

  test.each([
    ["C9", secretText, "bad-recipient", "channel_not_found"],
    ["C1", "another", "refused", "invalid_auth"],
  ])("errors of Slack's own: %s with %s is %s", async (address, token, errorClass, detail) => {
    const other = slackChannel({ ...parts(), name: "slack", token: { reveal: () => token }, url: standIn.url });
    expect(await send(other, { address })).toEqual({ kind: "failed", errorClass, detail });
    await standIn.stop();
  });

  test("it is asked by our own metadata whether a message arrived, in the channel and in a thread", async () => {
    standIn.mode = { kind: "accept-then-drop" };
    expect(await send(channel, { id: "m7" })).toMatchObject({ kind: "failed", errorClass: "ambiguous" });
    standIn.mode = { kind: "ok" };
    const root = "C1:1700000000.000001";
    expect(await channel.find?.(outboxMessage({ id: "m7" }), never)).toEqual({
      kind: "found",
      providerMessageId: root,
    });
    expect(await channel.find?.(outboxMessage({ id: "m8" }), never)).toEqual({ kind: "absent" });
    expect(await channel.find?.(outboxMessage({ id: "m8", threadRoot: root }), never)).toEqual({ kind: "absent" });
    standIn.mode = { kind: "fail", status: 500 };
    expect(await channel.find?.(outboxMessage({ id: "m7" }), never)).toMatchObject({ kind: "unknown" });
    await standIn.stop();
  });

  test("trouble", () => expectTrouble(channel, standIn, () => standIn.messages.length));
});

describe("Telegram", () => {
  let standIn: TelegramStandIn;
  let channel: Channel;
  beforeEach(async () => {
    standIn = await startTelegramStandIn(secretText, ["7", "8", "-100"]);
    channel = telegramChannel({ ...parts(), name: "tg", token: secret, url: standIn.url });
  });
  const ack = { label: "Acknowledge", url: "https://example.org/ack", purpose: "acknowledge" as const };

  test("a page has its button; a resolve changes it, takes the button away, and answers it", async () => {
    const first = await send(channel, { address: "7", kind: "page", ...body("bn1 is down", "text", [ack]) });
    expect(first).toEqual({ kind: "accepted", providerMessageId: "1" });
    expect(standIn.messages[0]?.reply_markup?.inline_keyboard).toEqual([[{ text: "Acknowledge", url: ack.url }]]);
    expect(await send(channel, { address: "7" })).toMatchObject({ errorClass: "rate-limited", retryAfterMs: 1_000 });
    await systemClock.sleep(1_050);
    expect(await send(channel, { address: "7", kind: "resolve", threadRoot: "1" })).toMatchObject({ kind: "accepted" });
    expect(standIn.messages[0]).not.toHaveProperty("reply_markup");
    expect(standIn.messages[1]).toMatchObject({ reply_parameters: { message_id: 1 } });
    await standIn.stop();
  });

  test("long text is cut between characters; a button that Telegram does not take becomes text; topics are addressed", async () => {
    expect(await send(channel, { address: "7", ...body("t", "👍🏽".repeat(3_000)) })).toMatchObject({ kind: "accepted" });
    expect(standIn.messages[0]?.text.length).toBeLessThanOrEqual(4_096);
    expect(standIn.messages[0]?.text).toMatch(/👍🏽…$/u);
    const local = { ...ack, url: "http://127.0.0.1:7380/ack" };
    const sent = await send(channel, { address: "-100/5", ...body("t", "y".repeat(5_000), [local]) });
    expect(sent).toMatchObject({ kind: "accepted" });
    expect(standIn.messages[1]).toMatchObject({ chat_id: "-100", message_thread_id: 5 });
    expect(standIn.messages[1]?.text).toMatch(/…\nAcknowledge: http:\/\/127\.0\.0\.1:7380\/ack$/);
    await standIn.stop();
  });

  test("a chat that is not there and a token that is wrong are told apart, and the token is told to nobody", async () => {
    expect(await send(channel, { address: "9" })).toMatchObject({ errorClass: "bad-recipient" });
    const other = telegramChannel({ ...parts(), name: "tg", token: { reveal: () => "wrong-key" }, url: standIn.url });
    const refused = await send(other, { address: "7" });
    expect(refused).toEqual({ kind: "failed", errorClass: "refused", detail: "Unauthorized" });
    await standIn.stop();
  });

  test("trouble", () => {
    const toChat = { ...channel, send: (m: ClaimedMessage, s: AbortSignal) => channel.send({ ...m, address: "7" }, s) };
    return expectTrouble(toChat, standIn, () => standIn.messages.length);
  });
});

describe("webhook", () => {
  let standIn: ProviderStandIn;
  let channel: Channel;
  const requests: StandInRequest[] = [];
  let status = 200;
  beforeEach(async () => {
    requests.length = 0;
    status = 200;
    standIn = await startProviderStandIn((request) => {
      if (status === 200) requests.push(request);
      return { status, headers: { "retry-after": "3" }, body: {} };
    });
    const url = { reveal: () => `${standIn.url}/hook?key=${secretText}` };
    channel = webhookChannel({ ...parts(), name: "hook", url, signingKey: { reveal: () => "signing-key" } });
  });

  test("the receiver can check who sent it, and knows a repeat by its id", async () => {
    expect(await send(channel)).toEqual({ kind: "accepted", providerMessageId: "m1" });
    await send(channel);
    const [first, second] = requests;
    const stamp = String(first?.headers["x-timestamp"]);
    const digest = createHmac("sha256", "signing-key").update(`${stamp}.${first?.text}`).digest("hex");
    expect(first?.headers["x-signature"]).toBe(`v1=${digest}`);
    expect(Math.abs(Number(stamp) - Date.now() / 1_000)).toBeLessThan(60);
    expect(first?.headers["x-event-id"]).toBe(second?.headers["x-event-id"]);
    expect(first?.json).toMatchObject({ id: "m1", kind: "firing", title: "bn1 is down", severity: "critical", seq: 1 });
    await standIn.stop();
  });

  test.each([
    [429, { errorClass: "rate-limited", retryAfterMs: 3_000 }],
    [410, { errorClass: "bad-recipient" }],
    [401, { errorClass: "refused" }],
    [302, { errorClass: "refused" }],
  ])("status %i", async (answered, expected) => {
    status = answered;
    expect(await send(channel)).toMatchObject({ kind: "failed", ...expected });
    await standIn.stop();
  });

  test("trouble", () => expectTrouble(channel, standIn, () => requests.length));
});
