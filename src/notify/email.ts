import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { pagePolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, ErrorClass, SendResult } from "../outbox/types.ts";
import type { Channel, SecretText } from "./channel.ts";
import { cutText, titleOf } from "./plain-text.ts";

export interface EmailOptions {
  name: string;
  host: string;
  port: number;
  /** `starttls` (587) and `tls` (465) refuse a server without; `none` is for a relay on the same machine. */
  security: "starttls" | "tls" | "none";
  login?: { user: string; password: SecretText };
  /** Sender, as in a From header; its domain names the messages. */
  from: string;
  /** Certificate authority in PEM, where the system's own do not know the server. */
  ca?: string;
}

/** Mail by SMTP. Messages of one stream refer to the same thread, and one that is sent again has the same Message-ID. */
export function emailChannel(options: EmailOptions): Channel {
  const { name, from } = options;
  const transport = createTransport(settingsOf(options));
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "slotkeeper.invalid";
  return {
    ...{ name, repeat: "visible", policy: pagePolicy, pace: undefined },
    async send(message, signal) {
      const messageId = `<${digest(message.dedupKey)}@${domain}>`;
      const thread = `<${digest(message.streamKey)}@${domain}>`;
      try {
        await transport.sendMail({
          ...{ from, to: { name: "", address: message.address }, subject: cutText(titleOf(message), 200) },
          ...{
            text: textOf(message),
            messageId,
            references: [thread],
            inReplyTo: thread,
            date: new Date(message.createdAt),
          },
          headers: { "Auto-Submitted": "auto-generated" },
          signal,
        });
        return { kind: "accepted", providerMessageId: messageId };
      } catch (error) {
        return failureOf(error, signal);
      }
    },
  };
}

function settingsOf({ host, port, security, login, ca }: EmailOptions) {
  return {
    ...{ host, port, secure: security === "tls", requireTLS: security === "starttls", ignoreTLS: security === "none" },
    ...(login && { auth: { user: login.user, pass: login.password.reveal() } }),
    ...(ca !== undefined && { tls: { ca } }),
    // A message is text that was made here: it may read no file and no address.
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...{ connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 },
  };
}

function textOf({ body }: ClaimedMessage): string {
  const links = body.links.map(({ label, url }) => `${label}: ${url}`).join("\n");
  return [body.title, body.text, links].filter((part) => part !== "").join("\n\n");
}

function digest(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 40);
}

/** Nothing of the message was sent: no address, no connection, no trust. */
const neverConnected =
  /^(EDNS|ETLS|EREQUIRETLS|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$|CERT|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY/;

interface MailError {
  code: string;
  responseCode: number | undefined;
  command: string;
}

/** Replies and messages of mail servers may repeat what was sent to them: only codes are told. */
function failureOf(error: unknown, signal: AbortSignal): SendResult {
  const { code, responseCode, command } = readError(error);
  const failed = (errorClass: ErrorClass, detail: string) => ({ kind: "failed", errorClass, detail }) as const;
  if (signal.aborted) return failed("timeout", "the mail server did not finish in time");
  if (responseCode !== undefined)
    return failed(classOf(responseCode, command), `the mail server said ${responseCode} to ${command}`);
  if (code === "EENVELOPE") return failed("bad-recipient", "not a mail address");
  if (code === "EAUTH" || code === "ENOAUTH") return failed("refused", "the mail server did not take the login");
  if (neverConnected.test(code)) return failed("unreachable", `no connection to the mail server (${code})`);
  // The connection ended somewhere between greeting and answer, and the library does not say where.
  return failed("ambiguous", `the mail server did not answer to the end (${code || "no code"})`);
}

function classOf(responseCode: number, command: string): ErrorClass {
  if (command.startsWith("AUTH")) return responseCode >= 500 ? "refused" : "unreachable";
  // 421, 450, 451, 452: come back later (RFC 5321); nothing was taken.
  if (responseCode < 500) return "unreachable";
  return command === "RCPT TO" ? "bad-recipient" : "refused";
}

function readError(error: unknown): MailError {
  const parts = (typeof error === "object" && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const word = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    // The library puts a code of its own over the system's, and keeps that one.
    code: word(parts["originalCode"]) || word(parts["code"]),
    responseCode: typeof parts["responseCode"] === "number" ? parts["responseCode"] : undefined,
    command: word(parts["command"]),
  };
}
