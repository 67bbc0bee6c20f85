import { createHash } from "node:crypto";
import { pagePolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, MessageKind } from "../outbox/types.ts";
import { callHttp, failedCall, failureOfStatus, readObject, type HttpParts } from "./call-http.ts";
import type { Channel, SecretText } from "./channel.ts";
import { cutText } from "./plain-text.ts";

export interface PagerdutyOptions extends HttpParts {
  name: string;
  /** Of a service's Events API v2 integration. */
  routingKey: SecretText;
  /** The EU region has an address of its own. */
  url?: string;
  /** Names this installation, so that two do not share an incident. */
  source: string;
}

const maxSummary = 1_024;
const maxDedupKey = 255;

/** PagerDuty Events API v2: one incident for an alert group, whatever is sent of it. It knows repeats by `dedup_key`. */
export function pagerdutyChannel(options: PagerdutyOptions): Channel {
  const { name, routingKey, url = "https://events.pagerduty.com", source } = options;
  return {
    ...{ name, repeat: "harmless", policy: pagePolicy },
    // 120 a minute for a key, as PagerDuty's own page says; some are left to others who use the key.
    pace: { perAddressMs: 0, overall: { count: 100, perMs: 60_000 } },
    async send(message, signal) {
      const event = { routing_key: routingKey.reveal(), ...eventOf(message, source) };
      const call = { method: "POST", headers: { "content-type": "application/json" }, deadlineMs: 10_000 } as const;
      const answer = await callHttp(`${url}/v2/enqueue`, { ...call, body: JSON.stringify(event), signal }, options);
      if (!answer.ok) return failedCall(answer);
      const said = readObject(answer.body);
      const failure = failureOfStatus(answer, problemOf(said));
      return failure ?? { kind: "accepted", providerMessageId: text(said?.["dedup_key"]) ?? event.dedup_key };
    },
  };
}

const actions: Readonly<Record<MessageKind, "trigger" | "acknowledge" | "resolve">> = {
  ...{ firing: "trigger", page: "trigger", update: "trigger", test: "trigger" },
  ...{ acknowledge: "acknowledge", resolve: "resolve" },
};

function eventOf(message: ClaimedMessage, source: string) {
  const { body, kind, groupKey } = message;
  const links = body.links.map(({ url, label }) => ({ href: url, text: label }));
  const dedup = { event_action: actions[kind], dedup_key: dedupKeyOf(`${source}/${groupKey}`) };
  if (actions[kind] !== "trigger") return dedup;
  return {
    ...dedup,
    payload: {
      summary: cutText(body.title, maxSummary),
      source,
      severity: body.severity,
      timestamp: new Date(message.createdAt).toISOString(),
      group: cutText(groupKey, maxDedupKey),
      class: kind,
      custom_details: { text: cutText(body.text, 100_000), message_id: message.id },
    },
    links,
    client: "Slotkeeper",
  };
}

/** The key itself where it fits, so that people find it again; else its digest. */
function dedupKeyOf(key: string): string {
  return key.length <= maxDedupKey ? key : createHash("sha256").update(key).digest("hex");
}

/** "Event object is invalid: 'severity' is missing": never the routing key, which errors do not repeat. */
function problemOf(said: Readonly<Record<string, unknown>> | undefined): string {
  const errors = said?.["errors"];
  const list = Array.isArray(errors) ? errors.filter((one) => typeof one === "string") : [];
  return [text(said?.["message"]), ...list].filter((part) => part !== undefined).join(", ");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
