import {
  createLimit,
  createLimits,
  startProviderStandIn,
  type ProviderStandIn,
  type StandInAnswer,
} from "./provider-stand-in.ts";

export interface TelegramMessage {
  message_id: number;
  chat_id: string;
  message_thread_id?: number;
  text: string;
  reply_parameters?: { message_id: number };
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] };
}

export interface TelegramStandIn extends ProviderStandIn {
  messages: TelegramMessage[];
  edits: string[];
  limited: number;
}

/** Telegram's Bot API with its limits: 4,096 characters, 30 messages a second, one a second for a chat, public button addresses. */
export async function startTelegramStandIn(token: string, chats: readonly string[]): Promise<TelegramStandIn> {
  const all = createLimit(30, 1_000);
  const perChat = createLimits(1, 1_000);
  const messages: TelegramMessage[] = [];
  const edits: string[] = [];
  const no = (status: number, description: string, parameters?: object): StandInAnswer => ({
    status,
    body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
  });

  function answer(method: string, json: Record<string, unknown>): StandInAnswer {
    const chat = String(json["chat_id"]);
    if (!chats.includes(chat)) return no(400, "Bad Request: chat not found");
    const text = String(json["text"] ?? "");
    if (text === "") return no(400, "Bad Request: message text is empty");
    if (text.length > 4_096) return no(400, "Bad Request: message is too long");
    if (method === "editMessageText") return edit(chat, Number(json["message_id"]), text);
    if (method !== "sendMessage") return no(404, "Not Found");
    const message = json as unknown as TelegramMessage;
    const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
    if (buttons.some(({ url }) => /\/\/(localhost|127\.)/.test(url)))
      return no(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL");
    const wait = perChat.take(chat) ?? all.take();
    if (wait !== undefined) {
      standIn.limited += 1;
      return no(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
    }
    messages.push({ ...message, chat_id: chat, message_id: messages.length + 1 });
    return { status: 200, body: { ok: true, result: { message_id: messages.length, chat: { id: chat }, text } } };
  }

  function edit(chat: string, id: number, text: string): StandInAnswer {
    const found = messages.find(({ chat_id, message_id }) => chat_id === chat && message_id === id);
    if (!found) return no(400, "Bad Request: message to edit not found");
    if (found.text === text) return no(400, "Bad Request: message is not modified");
    found.text = text;
    delete found.reply_markup;
    edits.push(text);
    return { status: 200, body: { ok: true, result: { message_id: id, text } } };
  }

  const standIn: TelegramStandIn = Object.assign(
    await startProviderStandIn(({ url, json }) => {
      const [, bot, method] = url.pathname.split("/");
      return bot === `bot${token}` ? answer(method ?? "", json) : no(401, "Unauthorized");
    }),
    { messages, edits, limited: 0 },
  );
  return standIn;
}
