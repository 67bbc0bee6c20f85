import { expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import type { Fact } from "./facts.ts";
import { limitFacts } from "./limit-facts.ts";

const head = (slot: number): Fact => ({ kind: "stream-head", node: "a", slot, root: `0x${slot}`, isOptimistic: false });
const garbage = (detail: string): Fact => ({ kind: "stream-garbage", node: "a", detail });

test("the usual facts pass at once and in order", async () => {
  const clock = createFakeClock();
  const passed: Fact[] = [];
  const limit = limitFacts(clock, (fact) => passed.push(fact));
  for (let slot = 0; slot < 200; slot++) {
    limit.take(head(slot));
    expect(passed).toHaveLength(slot + 1);
    await clock.advance(100);
  }
});

test("ten thousand events in a second become some fifty facts, the newest of each kind among them", async () => {
  const clock = createFakeClock();
  const passed: Fact[] = [];
  const limit = limitFacts(clock, (fact) => passed.push(fact));
  for (let index = 0; index < 10_000; index++) {
    limit.take(index === 5_000 ? head(7) : garbage(`event ${index}`));
    if (index % 10 === 9) await clock.advance(1);
  }
  await clock.advance(1_000);
  expect(passed.length).toBeLessThan(110);
  expect(passed).toContainEqual(head(7));
  expect(passed.at(-1)).toEqual(garbage("event 9999"));
});

test("after a flood the usual facts pass at once again, and a stopped limit passes nothing", async () => {
  const clock = createFakeClock();
  const passed: Fact[] = [];
  const limit = limitFacts(clock, (fact) => passed.push(fact));
  for (let index = 0; index < 100; index++) limit.take(garbage("x"));
  await clock.advance(3_000);
  const before = passed.length;
  limit.take(head(8));
  expect(passed).toHaveLength(before + 1);
  for (let index = 0; index < 100; index++) limit.take(garbage("y"));
  limit.stop();
  const now = passed.length;
  await clock.advance(5_000);
  expect(passed).toHaveLength(now);
});
