import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";
import { createFakeClock } from "./fake-clock.ts";

it("a frozen clock runs timers in order of their due time, and only when time is moved on", async () => {
  const clock = createFakeClock(1_000);
  const ran: string[] = [];
  clock.after(30, () => ran.push(`once at ${clock.now()}`));
  const stop = clock.every(20, () => ran.push(`each at ${clock.now()}`));
  await clock.advance(45);
  expect(ran).toEqual(["each at 1020", "once at 1030", "each at 1040"]);
  stop();
  await clock.advance(100);
  expect(ran).toHaveLength(3);
});

it("sleep ends at once when its signal aborts, and when it was aborted before", async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort();
  await sleeping;
  await systemClock.sleep(60_000, abort.signal);
  expect(abort.signal.aborted).toBe(true);
});
