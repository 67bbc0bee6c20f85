import { expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { watchHeartbeat } from "./watch-heartbeat.ts";

/** A clock that can also stand still for all its timers, as a suspended machine does. */
function setUp(silenceMs = 6_000) {
  const fake = createFakeClock();
  let suspendedMs = 0;
  const clock = { ...fake, monotonic: () => fake.monotonic() + suspendedMs };
  const silences: number[] = [];
  const watch = watchHeartbeat(clock, silenceMs, (ms) => silences.push(ms));
  return { silences, watch, advance: fake.advance, suspend: (ms: number) => (suspendedMs += ms) };
}

test("silence is told once, at its limit", async () => {
  const { silences, advance } = setUp();
  await advance(5_999);
  expect(silences).toEqual([]);
  await advance(1);
  expect(silences).toEqual([6_000]);
  await advance(60_000);
  expect(silences).toHaveLength(1);
});

test("who is heard every second is never silent; the last word starts the count", async () => {
  const { silences, watch, advance } = setUp();
  for (let second = 0; second < 60; second++) {
    await advance(1_000);
    watch.heard();
  }
  expect(silences).toEqual([]);
  await advance(6_000);
  expect(silences).toHaveLength(1);
});

test("a machine that was suspended starts the count anew", async () => {
  const { silences, watch, advance, suspend } = setUp();
  await advance(3_000);
  suspend(3_600_000);
  await advance(1_000);
  expect(silences).toEqual([]);
  await advance(5_000);
  expect(silences).toEqual([]);
  watch.heard();
  await advance(5_999);
  expect(silences).toEqual([]);
  // The looks come every second from the start on: the one at or after the limit tells.
  await advance(1_001);
  expect(silences).toHaveLength(1);
});

test("a tighter limit takes over at once, and a stopped watch says nothing", async () => {
  const { silences, watch, advance } = setUp(30_000);
  await advance(10_000);
  watch.allow(6_000);
  await advance(5_999);
  expect(silences).toEqual([]);
  watch.stop();
  await advance(60_000);
  expect(silences).toEqual([]);
});
