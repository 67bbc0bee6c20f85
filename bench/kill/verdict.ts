import type { PagerdutyStandIn } from "../../test/support/pagerduty-stand-in.ts";
import type { SlackStandIn } from "../../test/support/slack-stand-in.ts";
import type { TelegramStandIn } from "../../test/support/telegram-stand-in.ts";

export interface HookEvent {
  id: string;
  kind: string;
  recipient: string;
  groupKey: string;
}

export interface Providers {
  slack: SlackStandIn;
  telegram: TelegramStandIn;
  pagerduty: PagerdutyStandIn;
  hook: { url: string; events: HookEvent[]; stop(): Promise<void> };
}

/** What people saw of one group on one channel, in order. */
export interface Seen {
  stream: string;
  kinds: ("firing" | "resolve")[];
  /** Seen twice by people. Repeats that the provider knows by their key are not. */
  visibleRepeats: number;
  /** Repeats that the provider got, and knew. */
  knownRepeats: number;
}

/** `groupKey`: the alert group of `group`. */
export function seenOf(group: string, groupKey: string, { slack, telegram, pagerduty, hook }: Providers): Seen[] {
  const posts = slack.messages.filter(({ channel }) => channel === `C-${group}`);
  const chats = telegram.messages.filter(({ chat_id }) => chat_id === `T-${group}`);
  const events = pagerduty.events.filter(({ dedup_key }) => dedup_key === `bench/${groupKey}`);
  const hooks = (recipient: string) =>
    hook.events.filter((event) => event.groupKey === groupKey && event.recipient === recipient);
  return [
    // A resolve changes the text of the first message; in the thread there is nothing else.
    seen(
      "slack",
      posts.map(({ thread_ts }) => (thread_ts === undefined ? "firing" : "resolve")),
      false,
    ),
    // A resolve changes the text of the first message as well; what answers it is the resolve itself.
    seen(
      "telegram",
      chats.map((message) => kindOf(message.reply_parameters !== undefined)),
      false,
    ),
    seen(
      "pagerduty",
      events.map(({ event_action }) => kindOf(event_action === "resolve")),
      true,
    ),
    seen(
      "hook",
      hooks("hook").map(({ kind }) => kindOf(kind === "resolve")),
      true,
    ),
    seen(
      "fallback",
      hooks("bob").map(({ kind }) => kindOf(kind === "resolve")),
      true,
    ),
  ];
}

function kindOf(isResolve: boolean): "firing" | "resolve" {
  return isResolve ? "resolve" : "firing";
}

function seen(stream: string, kinds: Seen["kinds"], hasKey: boolean): Seen {
  const repeats = kinds.length - new Set(kinds).size;
  return { stream, kinds, visibleRepeats: hasKey ? 0 : repeats, knownRepeats: hasKey ? repeats : 0 };
}
