import { afterEach, beforeEach, expect, test } from "vitest";
import { makeCertificate } from "../src/lib/make-certificate.ts";
import { emailChannel, type EmailOptions } from "../src/notify/email.ts";
import { outboxMessage } from "../src/outbox/testing/sample-message.ts";
import type { ClaimedMessage } from "../src/outbox/types.ts";
import { startMailStandIn, type MailStandIn } from "./support/mail-stand-in.ts";

const password = "very-secret-1234";
const never = new AbortController().signal;
let standIn: MailStandIn;
let ca: string;

beforeEach(async () => {
  const made = makeCertificate("mail");
  ca = made.cert;
  standIn = await startMailStandIn(made, { user: "bot", pass: password });
});
afterEach(() => standIn.stop());

function send(changes: Partial<ClaimedMessage> = {}, options: Partial<EmailOptions> = {}, signal = never) {
  const channel = emailChannel({
    ...{
      name: "mail",
      host: "127.0.0.1",
      port: standIn.port,
      security: "starttls",
      from: "Alarms <bot@example.org>",
      ca,
    },
    ...{ login: { user: "bot", password: { reveal: () => password } } },
    ...options,
  });
  return channel.send(outboxMessage({ address: "ann@example.org", ...changes }), signal);
}

const header = (name: string, index: number) =>
  new RegExp(`^${name}: (.*)$`, "im").exec(standIn.mails[index]?.source.split("\r\n\r\n")[0] ?? "")?.[1]?.trim();

test("mail goes encrypted; a repeat has the same Message-ID, and a stream is one thread", async () => {
  const first = await send();
  expect(first).toMatchObject({ kind: "accepted" });
  expect(await send()).toEqual(first);
  await send({ dedupKey: "k2", kind: "resolve" });
  await send({ dedupKey: "k3", groupKey: "g2" });
  expect(standIn.mails.every(({ isEncrypted, to }) => isEncrypted && to.join() === "ann@example.org")).toBe(true);
  const ids = [0, 1, 2, 3].map((index) => header("Message-ID", index));
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).toBe(first.kind === "accepted" && first.providerMessageId);
  expect(new Set(ids).size).toBe(3);
  const threads = [0, 1, 2, 3].map((index) => header("References", index));
  expect(threads[0]).toMatch(/^<.+@example\.org>$/);
  expect(threads[0]).toBe(threads[2]);
  expect(threads[3]).not.toBe(threads[0]);
  expect(header("Subject", 2)).toBe("RESOLVED: bn1 is down");
});

test("a title with line breaks adds no header", async () => {
  await send({ body: { title: "a\r\nBcc: eve@example.org", text: "t", links: [], severity: "info" } });
  expect(standIn.mails[0]?.to).toEqual(["ann@example.org"]);
  expect(header("Bcc", 0)).toBeUndefined();
});

test.each([
  ["reject", "bad-recipient"],
  ["busy", "unreachable"],
  ["drop", "ambiguous"],
] as const)("a server that does %s: %s", async (mode, errorClass) => {
  standIn.mode = mode;
  expect(await send()).toMatchObject({ kind: "failed", errorClass });
  expect(standIn.mails).toHaveLength(mode === "drop" ? 1 : 0);
});

test("one that does not end is ended", async () => {
  standIn.mode = "hang";
  expect(await send({}, {}, AbortSignal.timeout(300))).toMatchObject({ kind: "failed", errorClass: "timeout" });
});

test("a wrong login, a certificate that nobody knows and a server that is away are told apart, without secrets", async () => {
  const wrong = { reveal: () => "wrong-secret" };
  const unknown = emailChannel({
    ...{ name: "mail", host: "127.0.0.1", port: standIn.port, security: "starttls", from: "bot@example.org" },
  });
  const port = standIn.port;
  const results = [
    await send({}, { login: { user: "bot", password: wrong } }),
    await unknown.send(outboxMessage({ address: "ann@example.org" }), never),
    await send({ address: "no address" }),
  ];
  await standIn.stop();
  results.push(await send({}, { port }));
  expect(results.map((result) => result.kind === "failed" && result.errorClass)).toEqual([
    ...["refused", "unreachable", "bad-recipient", "unreachable"],
  ]);
  expect(JSON.stringify(results)).not.toMatch(/wrong-secret|very-secret/);
  standIn = await startMailStandIn(makeCertificate("mail"), { user: "bot", pass: password });
});
