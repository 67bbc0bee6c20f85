import { pagePolicy } from "../outbox/retry-plan.ts";
import type { ClaimedMessage, ErrorClass, SendResult } from "../outbox/types.ts";
import { callHttp, failedCall, failureOfStatus, readObject, retryAfterOf, type HttpParts } from "./call-http.ts";
import type { Channel, SecretText } from "./channel.ts";
import { cutText, titleOf } from "./plain-text.ts";

export interface TelegramOptions extends HttpParts {
  name: string;
  token: SecretText;
  url?: string;
}

type Said = Readonly<Record<string, unknown>>;
type Failure = SendResult & { kind: "failed" };

const maxText = 4_096;

/**
 * A Telegram bot. `address` is a chat id, with `/` and the topic's thread id where there is one. Later messages of an episode answer the
 * first one; a resolve also changes that one, and takes its buttons away.
 */
export function telegramChannel(options: TelegramOptions): Channel {
  return {
    ...{ name: options.name, repeat: "visible", policy: pagePolicy },
    // About 30 a second and one a second for a chat, by Telegram's documentation. Claims come several at once: below it.
    pace: { perAddressMs: 1_050, overall: { count: 20, perMs: 1_000 } },
    async send(message, signal) {
      if (message.kind === "resolve" && message.threadRoot !== undefined) {
        const changed = await callTelegram(options, "editMessageText", editOf(message, message.threadRoot), signal);
        // What cannot be changed (deleted, too old, as it is) is still answered below.
        if (changed.kind === "failed" && changed.errorClass !== "refused") return changed;
      }
      const sent = await callTelegram(options, "sendMessage", messageOf(message, true), signal);
      if (sent.kind === "accepted" || !/button/i.test(sent.detail)) return sent;
      // Telegram takes no buttons for addresses that only the operator's own network knows: the links go into the text.
      return callTelegram(options, "sendMessage", messageOf(message, false), signal);
    },
  };
}

function editOf(message: ClaimedMessage, root: string) {
  const { chat_id } = placeOf(message.address);
  return { chat_id, message_id: Number(root), text: textOf(message, false) };
}

function messageOf(message: ClaimedMessage, hasButtons: boolean) {
  const { links } = message.body;
  const buttons = links.map(({ label, url }) => [{ text: cutText(label, 64), url }]);
  return {
    ...placeOf(message.address),
    text: textOf(message, !hasButtons),
    link_preview_options: { is_disabled: true },
    ...(message.threadRoot !== undefined && {
      reply_parameters: { message_id: Number(message.threadRoot), allow_sending_without_reply: true },
    }),
    ...(hasButtons && buttons.length > 0 && { reply_markup: { inline_keyboard: buttons } }),
  };
}

/** Plain text, which needs no escaping. The links stay whole where the text is cut. */
function textOf(message: ClaimedMessage, hasLinks: boolean): string {
  const links = hasLinks ? message.body.links.map(({ label, url }) => `\n${label}: ${url}`).join("") : "";
  const tail = links.length < maxText / 2 ? links : "";
  return cutText(`${titleOf(message)}\n\n${message.body.text}`.trim(), maxText - tail.length) + tail;
}

function placeOf(address: string): { chat_id: string; message_thread_id?: number } {
  const [chat = address, thread] = address.split("/");
  return thread === undefined ? { chat_id: chat } : { chat_id: chat, message_thread_id: Number(thread) };
}

async function callTelegram(
  options: TelegramOptions,
  method: string,
  body: object,
  signal: AbortSignal,
): Promise<SendResult> {
  const { url = "https://api.telegram.org", token } = options;
  const headers = { "content-type": "application/json" };
  const call = { method: "POST", headers, body: JSON.stringify(body), deadlineMs: 10_000, signal } as const;
  const answer = await callHttp(`${url}/bot${token.reveal()}/${method}`, call, options);
  if (!answer.ok) return failedCall(answer);
  const said = readObject(answer.body);
  if (answer.status === 200 && said?.["ok"] === true) {
    const id = (said["result"] as Said | undefined)?.["message_id"];
    return { kind: "accepted", providerMessageId: typeof id === "number" ? String(id) : undefined };
  }
  return failureOf(answer.status, said, failureOfStatus(answer));
}

function failureOf(status: number, said: Said | undefined, byStatus: Failure | undefined): Failure {
  const description = typeof said?.["description"] === "string" ? said["description"].slice(0, 200) : undefined;
  const detail = description ?? byStatus?.detail ?? "answered with something that is not Telegram's";
  const errorClass =
    status === 403 || /chat not found|user is deactivated|thread not found/i.test(detail) ? "bad-recipient" : undefined;
  const parameters = said?.["parameters"] as Said | undefined;
  const wait = parameters?.["retry_after"];
  return {
    kind: "failed",
    errorClass: errorClass ?? byStatus?.errorClass ?? ("ambiguous" satisfies ErrorClass),
    detail,
    ...(byStatus?.retryAfterMs !== undefined && { retryAfterMs: byStatus.retryAfterMs }),
    ...(typeof wait === "number" && retryAfterOf(wait)),
  };
}
