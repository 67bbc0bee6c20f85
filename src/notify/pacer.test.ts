import { expect, test } from "vitest";
import { pagePolicy } from "../outbox/retry-plan.ts";
import { outboxMessage } from "../outbox/testing/sample-message.ts";
import { laneOf } from "../outbox/types.ts";
import type { Channel, Pace } from "./channel.ts";
import { createPacer } from "./pacer.ts";

const channel = (pace: Pace | undefined): Channel => ({
  ...{ name: "slack", repeat: "visible", policy: pagePolicy, pace },
  send: () => Promise.resolve({ kind: "accepted", providerMessageId: undefined }),
});
const message = outboxMessage();
const lane = laneOf(message);
const accepted = { kind: "accepted", providerMessageId: undefined } as const;

test("a place is busy while it is written to, and until its time is over", () => {
  const pacer = createPacer();
  const slow = channel({ perAddressMs: 1_000 });
  pacer.started(message, slow, 0);
  expect(pacer.busy(1_500)).toEqual({ busyLanes: [lane], busyChannels: [] });
  expect(pacer.nextFreeMs(1_500)).toBeUndefined();
  pacer.ended(message, slow, accepted, 1_600);
  expect(pacer.busy(2_599).busyLanes).toEqual([lane]);
  expect(pacer.busy(2_600).busyLanes).toEqual([]);
  pacer.started(message, slow, 3_000);
  pacer.ended(message, slow, accepted, 3_100);
  expect(pacer.busy(4_099).busyLanes).toEqual([lane]);
  expect(pacer.nextFreeMs(4_099)).toBe(1);
  expect(pacer.busy(4_100).busyLanes).toEqual([]);
});

test("a provider's wait is kept to, on channels without a pace too", () => {
  const pacer = createPacer();
  const limited = { kind: "failed", errorClass: "rate-limited", retryAfterMs: 7_000, detail: "" } as const;
  pacer.started(message, channel(undefined), 0);
  expect(pacer.busy(0).busyLanes).toEqual([]);
  pacer.ended(message, channel(undefined), limited, 100);
  expect(pacer.busy(7_099).busyLanes).toEqual([lane]);
  expect(pacer.nextFreeMs(100)).toBe(7_000);
  expect(pacer.busy(7_100).busyLanes).toEqual([]);
});

test("a whole channel is busy when its window is full, and free when the first of it has gone", () => {
  const pacer = createPacer();
  const windowed = channel({ perAddressMs: 0, overall: { count: 2, perMs: 1_000 } });
  pacer.started(message, windowed, 0);
  expect(pacer.busy(1).busyChannels).toEqual([]);
  pacer.started(message, windowed, 400);
  expect(pacer.busy(401).busyChannels).toEqual(["slack"]);
  expect(pacer.nextFreeMs(401)).toBe(599);
  expect(pacer.busy(1_000).busyChannels).toEqual([]);
});
