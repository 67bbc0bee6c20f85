import { createHmac } from "node:crypto";
import { webhookPolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage } from "../outbox/types.ts";
import { callHttp, failedCall, failureOfStatus, type HttpParts } from "./call-http.ts";
import type { Channel, SecretText } from "./channel.ts";

export interface WebhookOptions extends HttpParts {
  name: string;
  url: SecretText;
  /** Shared with the receiver, who checks the signature with it. */
  signingKey: SecretText;
}

/**
 * A signed webhook: JSON by POST, 5 s to answer with 2xx, retried for two days, in order for each alert group. `X-Signature` is `v1=` and the
 * HMAC-SHA256 (hex) of `X-Timestamp`, a dot and the body; `X-Event-Id` stays the same however often it is sent.
 */
export function webhookChannel(options: WebhookOptions): Channel {
  const { name, url, signingKey, clock } = options;
  return {
    ...{ name, repeat: "harmless", policy: webhookPolicy, pace: undefined },
    async send(message, signal) {
      const body = JSON.stringify(eventOf(message));
      const timestamp = String(Math.floor(clock.now() / 1_000));
      const headers = {
        "content-type": "application/json",
        "x-event-id": message.id,
        "x-timestamp": timestamp,
        "x-signature": signatureOf(signingKey.reveal(), timestamp, body),
      };
      const answer = await callHttp(
        url.reveal(),
        { method: "POST", headers, body, deadlineMs: 5_000, signal },
        options,
      );
      if (!answer.ok) return failedCall(answer);
      const failure = failureOfStatus(answer);
      if (!failure) return { kind: "accepted", providerMessageId: message.id };
      const isGone = answer.status === 404 || answer.status === 410;
      return isGone ? { ...failure, errorClass: "bad-recipient" } : failure;
    },
  };
}

/** `v1=` and the hex HMAC-SHA256 over `<timestamp>.<body>`. */
export function signatureOf(key: string, timestamp: string, body: string): string {
  return `v1=${createHmac("sha256", key).update(`${timestamp}.${body}`).digest("hex")}`;
}

function eventOf({ id, kind, recipient, groupKey, seq, body, createdAt }: ClaimedMessage) {
  const { title, text, severity, links } = body;
  return {
    ...{ id, kind, recipient, groupKey, seq, createdAt: new Date(createdAt).toISOString() },
    ...{ severity, title, text, links: links.map(({ label, url, purpose }) => ({ label, url, purpose })) },
  };
}
