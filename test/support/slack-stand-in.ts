import {
  createLimits,
  startProviderStandIn,
  type ProviderStandIn,
  type StandInAnswer,
  type StandInRequest,
} from "./provider-stand-in.ts";

export interface SlackMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks: Record<string, unknown>[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
}

export interface SlackStandIn extends ProviderStandIn {
  /** As they are now: changed ones too. */
  messages: SlackMessage[];
  /** Texts of `chat.update`, in order. */
  updates: string[];
  /** Requests that were answered with 429. */
  limited: number;
}

/** Slack's Web API with its limits: one message a second and channel, 50 blocks, sections of 3,000, 13,200 characters in all. */
export async function startSlackStandIn(token: string, channels: readonly string[]): Promise<SlackStandIn> {
  const posts = createLimits(1, 1_000);
  const messages: SlackMessage[] = [];
  const updates: string[] = [];
  const say = (body: Record<string, unknown>): StandInAnswer => ({ status: 200, body: { ok: true, ...body } });
  const no = (error: string): StandInAnswer => ({ status: 200, body: { ok: false, error } });

  function post(json: Record<string, unknown>): StandInAnswer {
    const channel = String(json["channel"]);
    if (!channels.includes(channel)) return no("channel_not_found");
    const wait = posts.take(channel);
    if (wait !== undefined) {
      standIn.limited += 1;
      return { status: 429, headers: { "retry-after": String(wait) }, body: { ok: false, error: "ratelimited" } };
    }
    const problem = problemOf(json);
    if (problem !== undefined) return no(problem);
    const ts = `1700000000.${String(messages.length + 1).padStart(6, "0")}`;
    messages.push({ ...(json as unknown as SlackMessage), channel, ts });
    return say({ channel, ts });
  }

  function update(json: Record<string, unknown>): StandInAnswer {
    const found = messages.find(({ channel, ts }) => channel === json["channel"] && ts === json["ts"]);
    if (!found) return no("message_not_found");
    Object.assign(found, { text: json["text"], blocks: json["blocks"] });
    updates.push(found.text);
    return say({ channel: found.channel, ts: found.ts });
  }

  function list(query: URLSearchParams): StandInAnswer {
    const thread = query.get("ts");
    const found = messages.filter(({ channel, thread_ts, ts }) => {
      if (channel !== query.get("channel")) return false;
      return thread === null ? thread_ts === undefined : thread_ts === thread || ts === thread;
    });
    return say({ messages: found, has_more: false });
  }

  function answer({ url, headers, json }: StandInRequest): StandInAnswer {
    if (headers.authorization !== `Bearer ${token}`) return no("invalid_auth");
    switch (url.pathname) {
      case "/api/chat.postMessage":
        return post(json);
      case "/api/chat.update":
        return update(json);
      case "/api/conversations.history":
      case "/api/conversations.replies":
        return list(url.searchParams);
      default:
        return no("unknown_method");
    }
  }

  const standIn: SlackStandIn = Object.assign(await startProviderStandIn(answer), { messages, updates, limited: 0 });
  return standIn;
}

function problemOf(json: Record<string, unknown>): string | undefined {
  const blocks = (json["blocks"] ?? []) as { type: string; text?: { text: string }; elements?: unknown[] }[];
  if (String(json["text"]).length > 40_000) return "msg_too_long";
  if (blocks.length > 50 || JSON.stringify(blocks).length > 13_200) return "invalid_blocks";
  const isLong = ({ type, text }: (typeof blocks)[number]) => {
    if (type !== "header" && type !== "section") return false;
    return text === undefined || text.text === "" || text.text.length > (type === "header" ? 150 : 3_000);
  };
  return blocks.some(isLong) ? "invalid_blocks" : undefined;
}
