import { expect, test } from "vitest";
import type { OutboxMessage } from "../../outbox/types.ts";
import { readUndelivered } from "./undelivered.ts";

test("a channel whose messages all arrived counts 0, so that an alarm about it ends", async () => {
  const failed = (endedAt: number) => ({ channel: "mail", endedAt }) as OutboxMessage;
  const outbox = {
    now: async () => 10_000_000,
    oldestUnfinishedAt: async () => undefined,
    find: async ({ state }: { state?: string }) => (state === "failed" ? [failed(9_999_000), failed(1)] : []),
  };
  expect(await readUndelivered(outbox, ["slack", "mail"])).toEqual({
    byChannel: [
      { channel: "slack", count: 0 },
      { channel: "mail", count: 1 },
    ],
    oldestAt: undefined,
  });
});
