import { expect, test } from "vitest";
import { withDeadline } from "./deadline.ts";
import { createFakeClock } from "./fake-clock.ts";

const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("aborted")));

test("work is told to end at its deadline, or when whoever asked for it gives up", async () => {
  const clock = createFakeClock();
  const outer = new AbortController();
  const late = withDeadline(clock, 100, outer.signal, untilAborted);
  await clock.advance(99);
  expect(await Promise.race([late, Promise.resolve("runs")])).toBe("runs");
  await clock.advance(1);
  expect(await late).toBe("aborted");
  const given = withDeadline(clock, 100, outer.signal, untilAborted);
  outer.abort();
  expect(await given).toBe("aborted");
});

test("nothing is left running after work that ended or failed", async () => {
  const clock = createFakeClock();
  const { signal } = new AbortController();
  let seen: AbortSignal | undefined;
  const work = (own: AbortSignal) => ((seen = own), Promise.resolve(7));
  expect(await withDeadline(clock, 100, signal, work)).toBe(7);
  await clock.advance(1_000);
  expect(seen?.aborted).toBe(false);
  await expect(withDeadline(clock, 100, signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
