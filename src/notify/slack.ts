import { pagePolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, ErrorClass, MessageLink, SendResult } from "../outbox/types.ts";
import { callHttp, failedCall, failureOfStatus, readObject, retryAfterOf, type HttpParts } from "./call-http.ts";
import type { Channel, FindResult, SecretText } from "./channel.ts";
import { cutText, titleOf } from "./plain-text.ts";

export interface SlackOptions extends HttpParts {
  name: string;
  /** A bot token with `chat:write`; with `channels:history` it is also asked whether a message arrived. */
  token: SecretText;
  url?: string;
}

type Said = Readonly<Record<string, unknown>>;
type Failure = SendResult & { kind: "failed" };

const eventType = "slotkeeper_message";
/** Of a section's text; all blocks together stay far below the 13,200 characters near which Slack fails. */
const maxSection = 2_900;
const maxSections = 3;
const maxButtons = 5;

/**
 * Slack by `chat.postMessage`: the first message of an episode stands in the channel, the others are in its thread, and a
 * resolve changes the first one as well. `address` is a channel or user id.
 */
export function slackChannel(options: SlackOptions): Channel {
  const { name } = options;
  const call = (method: string, body: object, signal: AbortSignal) => callSlack(options, method, body, signal);
  return {
    ...{ name, repeat: "look-up", policy: pagePolicy },
    // One message a second and channel, by Slack's documentation, and a little air.
    pace: { perAddressMs: 1_050 },
    async send(message, signal) {
      const root = splitId(message.threadRoot);
      if (root && message.kind === "resolve") {
        const changed = await call("chat.update", { ...root, ...contentOf(message) }, signal);
        if (isFailure(changed) && !isLeftAsItIs(changed)) return changed;
      }
      const thread = root ? { thread_ts: root.ts } : {};
      const metadata = { event_type: eventType, event_payload: { id: message.id } };
      const post = { channel: message.address, ...thread, ...contentOf(message), metadata, unfurl_links: false };
      const said = await call("chat.postMessage", post, signal);
      if (isFailure(said)) return said;
      return {
        kind: "accepted",
        providerMessageId: `${textOf(said["channel"]) ?? message.address}:${textOf(said["ts"])}`,
      };
    },
    find: (message, signal) => findMessage(options, message, signal),
  };
}

async function callSlack(
  options: SlackOptions,
  method: string,
  body: object,
  signal: AbortSignal,
): Promise<Said | Failure> {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    authorization: `Bearer ${options.token.reveal()}`,
  };
  const call = { method: "POST", headers, body: JSON.stringify(body), deadlineMs: 10_000, signal } as const;
  return readAnswer(await callHttp(`${baseOf(options)}/${method}`, call, options));
}

function baseOf({ url = "https://slack.com" }: SlackOptions): string {
  return `${url}/api`;
}

function readAnswer(answer: Awaited<ReturnType<typeof callHttp>>): Said | Failure {
  if (!answer.ok) return failedCall(answer);
  const failure = failureOfStatus(answer);
  if (failure) return failure;
  const said = readObject(answer.body);
  if (!said) return { kind: "failed", errorClass: "ambiguous", detail: "answered with something that is not Slack's" };
  if (said["ok"] === true) return said;
  const error = textOf(said["error"]) ?? "no reason given";
  return {
    kind: "failed",
    errorClass: classOf(error),
    detail: error.slice(0, 200),
    ...retryAfterOf(answer.headers["retry-after"]),
  };
}

const classes: Readonly<Record<string, ErrorClass>> = {
  ...{ ratelimited: "rate-limited", rate_limited: "rate-limited", message_limit_exceeded: "rate-limited" },
  ...{ channel_not_found: "bad-recipient", not_in_channel: "bad-recipient", is_archived: "bad-recipient" },
  ...{ user_not_found: "bad-recipient", user_disabled: "bad-recipient", cannot_dm_bot: "bad-recipient" },
  ...{ service_unavailable: "unreachable", team_added_to_org: "unreachable" },
  ...{ internal_error: "ambiguous", fatal_error: "ambiguous", request_timeout: "ambiguous" },
};

/** Everything that is not known to pass by itself is a refusal: of the token, its scopes or the message. */
function classOf(error: string): ErrorClass {
  return classes[error] ?? "refused";
}

/** The first message cannot be changed any more: the resolve is still told in its thread. */
function isLeftAsItIs({ detail }: Failure): boolean {
  return ["message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"].includes(detail);
}

function contentOf(message: ClaimedMessage) {
  const title = titleOf(message);
  const { text, links } = message.body;
  const buttons = links.slice(0, maxButtons).filter(({ url }) => url.length <= 3_000);
  return {
    text: escapeText(cutText(title, 3_000)),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cutText(title, 150), emoji: false } },
      ...sectionsOf(text).map((part) => ({ type: "section", text: { type: "mrkdwn", text: part } })),
      ...(buttons.length > 0 ? [{ type: "actions", elements: buttons.map(buttonOf) }] : []),
    ],
  };
}

function buttonOf({ label, url, purpose }: MessageLink, index: number) {
  const text = { type: "plain_text", text: cutText(label, 75) };
  return {
    type: "button",
    action_id: `link-${index}`,
    text,
    url,
    ...(purpose === "acknowledge" && { style: "primary" }),
  };
}

/** The text in sections; what is too long for three ends in an ellipsis. */
function sectionsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== "" && parts.length < maxSections) {
    // Escaping makes a character five at most: cut before it, so that none is cut in two.
    let part = cutText(rest, maxSection);
    while (escapeText(part).length > 3_000) part = cutText(part.replace(/…$/, ""), Math.floor(part.length * 0.8));
    const isLast = part.length === rest.length || parts.length === maxSections - 1;
    const kept = isLast ? part : part.replace(/…$/, "");
    parts.push(escapeText(kept));
    rest = isLast ? "" : rest.slice(kept.length);
  }
  return parts;
}

/** Slack's three control characters. */
function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Looks for our own metadata in the channel, or in the thread where the message belongs. */
async function findMessage(options: SlackOptions, message: ClaimedMessage, signal: AbortSignal): Promise<FindResult> {
  const root = splitId(message.threadRoot);
  const query = new URLSearchParams({
    channel: root?.channel ?? message.address,
    limit: "200",
    include_all_metadata: "true",
  });
  query.set("oldest", String(Math.floor(message.createdAt / 1_000) - 60));
  if (root) query.set("ts", root.ts);
  const method = root ? "conversations.replies" : "conversations.history";
  const call = {
    method: "GET",
    headers: { authorization: `Bearer ${options.token.reveal()}` },
    deadlineMs: 10_000,
    signal,
  } as const;
  const said = readAnswer(await callHttp(`${baseOf(options)}/${method}?${query}`, call, options));
  if (isFailure(said)) return { kind: "unknown", detail: said.detail };
  const messages = Array.isArray(said["messages"]) ? (said["messages"] as unknown[]) : [];
  const own = messages.map(readFound).find((found) => found?.id === message.id);
  if (own) return { kind: "found", providerMessageId: `${root?.channel ?? message.address}:${own.ts}` };
  return said["has_more"] === true ? { kind: "unknown", detail: "too many messages since" } : { kind: "absent" };
}

function isFailure(said: Said | Failure): said is Failure {
  return said["kind" as keyof typeof said] === "failed";
}

function readFound(value: unknown): { id: string; ts: string } | undefined {
  const item = asObject(value);
  const metadata = asObject(item?.["metadata"]);
  const id = textOf(asObject(metadata?.["event_payload"])?.["id"]);
  const ts = textOf(item?.["ts"]);
  return metadata?.["event_type"] === eventType && id !== undefined && ts !== undefined ? { id, ts } : undefined;
}

function asObject(value: unknown): Said | undefined {
  return typeof value === "object" && value !== null ? (value as Said) : undefined;
}

function splitId(id: string | undefined): { channel: string; ts: string } | undefined {
  const [channel, ts] = id?.split(":") ?? [];
  return channel !== undefined && ts !== undefined ? { channel, ts } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
