import type { OutboxStore } from "../../outbox/ports.ts";
import type { OutboxMessage } from "../../outbox/types.ts";

export interface Undelivered {
  /** Given up in the last half hour, waiting for a person, or waiting for longer than five minutes; by channel. */
  byChannel: readonly { channel: string; count: number }[];
  /** Since when the oldest message has waited, ms since 1970; `undefined`: none waits. */
  oldestAt: number | undefined;
}

export const nothingUndelivered: Undelivered = { byChannel: [], oldestAt: undefined };

const recentMs = 30 * 60_000;
const lateMs = 5 * 60_000;
const mostRead = 500;

/** What of the messages did not reach anybody, or not yet. A configured channel without any counts 0: that is known. */
export async function readUndelivered(
  outbox: Pick<OutboxStore, "now" | "find" | "oldestUnfinishedAt">,
  channels: readonly string[],
): Promise<Undelivered> {
  const now = await outbox.now();
  const [failed, held, pending, sending, oldestAt] = await Promise.all([
    outbox.find({ state: "failed", limit: mostRead }),
    outbox.find({ state: "held", limit: mostRead }),
    outbox.find({ state: "pending", limit: mostRead }),
    outbox.find({ state: "sending", limit: mostRead }),
    outbox.oldestUnfinishedAt(),
  ]);
  const late = ({ createdAt }: OutboxMessage) => createdAt < now - lateMs;
  const lost = [
    ...failed.filter(({ endedAt }) => (endedAt ?? 0) > now - recentMs),
    ...held,
    ...[...pending, ...sending].filter(late),
  ];
  const counts = new Map(channels.map((channel) => [channel, 0]));
  for (const { channel } of lost) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return { byChannel: [...counts].map(([channel, count]) => ({ channel, count })), oldestAt };
}
