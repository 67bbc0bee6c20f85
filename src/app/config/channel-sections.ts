import { z } from "zod";
import { isLoopbackHost } from "../../control/address.ts";
import { pemFile } from "../../fleet/config.ts";
import { baseUrlSchema, secretSchema, textSchema, valueIssue } from "../../fleet/config-values.ts";
import { addressSchema, contactSchema, ownNameSchema, timeZoneSchema } from "./respond-values.ts";

/** Ways out (Slack, Telegram, …) and the people who are reached by them. */

const name = ownNameSchema("Unique name of the channel; contacts and routes name it.", "slack");

function kindOf<const K extends string>(kind: K, description: string) {
  return z.enum([kind]).meta({ description, examples: [kind] });
}

function place(description: string, example: string) {
  return addressSchema(
    `${description} Contacts and routes may leave their address out then, and every alarm that no route takes is told there, from \`warning\` up.`,
    example,
  ).exactOptional();
}

function urlOf(service: string, example: string, such = "a proxy") {
  return baseUrlSchema(
    `${service}: another address, such as that of ${such}. The secret is sent there. Left out: the service's own.`,
    example,
  ).exactOptional();
}

const slackSchema = z.strictObject({
  name,
  kind: kindOf("slack", "Slack, by an app of your own in the workspace."),
  token: secretSchema(
    "Slack: bot token (`xoxb-…`) with the scope `chat:write`; with `channels:history` Slack is asked whether a message arrived before it is sent again.",
  ),
  address: place("Slack: id of the team's channel; the app must be a member of it.", "C0123456789"),
  url: urlOf("Slack", "https://slack.com"),
});

const telegramSchema = z.strictObject({
  name,
  kind: kindOf("telegram", "Telegram, by a bot of your own."),
  token: secretSchema("Telegram: the bot's token, as @BotFather shows it."),
  address: place("Telegram: id of the team's chat, with `/` and a topic where it has topics.", "-1001234567890"),
  url: urlOf("Telegram", "https://api.telegram.org"),
});

const pagerdutySchema = z.strictObject({
  name,
  kind: kindOf("pagerduty", "PagerDuty, by the Events API v2."),
  routingKey: secretSchema("PagerDuty: integration key of a service's Events API v2 integration."),
  url: urlOf("PagerDuty", "https://events.eu.pagerduty.com", "its EU region"),
});

const emailSchema = z
  .strictObject({
    name,
    kind: kindOf("email", "Mail by SMTP."),
    host: textSchema("email: the mail server.", "smtp.example.org"),
    port: z
      .int({ error: "must be a whole number" })
      .min(1, { error: "must be 1 or more" })
      .max(65_535, { error: "must be at most 65535" })
      .exactOptional()
      .meta({ description: "email: its port. Left out: 587 for starttls, 465 for tls, 25 for none.", examples: [587] }),
    security: z
      .enum(["starttls", "tls", "none"])
      .default("starttls")
      .meta({
        description:
          "email: how the connection is protected. `starttls` and `tls` send nothing to a server that cannot; `none` is for a relay on this machine.",
        examples: ["tls"],
      }),
    user: textSchema("email: login name; needs `password`.", "alarms@example.org").exactOptional(),
    password: secretSchema("email: password of `user`.").exactOptional(),
    from: textSchema("email: the sender.", "Slotkeeper <alarms@example.org>"),
    ca: pemFile(
      "email: authority in PEM form that signed the server's certificate. Left out: those that this system trusts.",
      "/etc/slotkeeper/tls/mail-ca.crt",
    ).exactOptional(),
    address: place("email: the team's own address or list.", "operations@example.org"),
  })
  .superRefine(({ host, security, user, password, from }, ctx) => {
    if ((user === undefined) !== (password === undefined))
      valueIssue(ctx, "missing-key", "has one of user and password", "Write both, or none.");
    else if (user !== undefined && security === "none" && !isLoopbackHost(host))
      valueIssue(
        ctx,
        "conflict",
        "would send its password over the network in the clear",
        "Write security: starttls or tls, or remove user and password.",
      );
    if (!/^[^<>@]*(<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(from.trim()))
      valueIssue(ctx, "bad-value", `from: "${from}" is not a mail address`, "Write for example alarms@example.org.");
  });

const webhookSchema = z.strictObject({
  name,
  kind: kindOf("webhook", "A signed POST of JSON to an address of yours."),
  url: secretSchema("webhook: the whole http:// or https:// address. It may hold a token, so it is a secret."),
  signingKey: secretSchema("webhook: shared with the receiver, who checks `X-Signature` with it."),
});

export const channelsSchema = z
  .array(z.discriminatedUnion("kind", [slackSchema, telegramSchema, pagerdutySchema, emailSchema, webhookSchema]))
  .max(100, { error: "must not hold more than 100 channels" })
  .default([])
  .meta({
    description:
      "Ways out for alarms and pages. Without any, alarms are on the pages alone and nobody is told. See [respond](../respond.md).",
    examples: [[{ name: "slack", kind: "slack", token: { env: "SLACK_TOKEN" }, address: "C0123456789" }]],
  });

const personSchema = z.strictObject({
  name: ownNameSchema("Unique name of the person.", "ann"),
  timeZone: timeZoneSchema("IANA name of where the person sleeps: sleep that pages cost is counted by it.").default(
    "UTC",
  ),
  contacts: z
    .array(contactSchema())
    .max(10, { error: "must not hold more than 10 contacts" })
    .default([])
    .meta({
      description: "Where the person is paged: at the first one, at the next one where it fails.",
      examples: [[{ channel: "telegram", address: "123456789" }]],
    }),
});

export const peopleSchema = z
  .array(personSchema)
  .max(1_000, { error: "must not hold more than 1000 people" })
  .default([])
  .meta({
    description: "Those who can be paged.",
    examples: [[{ name: "ann", timeZone: "Europe/Berlin", contacts: [{ channel: "telegram", address: "123456789" }] }]],
  });

export type ChannelInput = z.output<typeof channelsSchema>[number];
