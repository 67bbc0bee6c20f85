import fc from "fast-check";
import { expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { startTimerSweep, type Due } from "./timer-sweep.ts";

function due(dueAt: number, onDue: () => void): Due {
  return { dueAt, sweepIndex: -1, onDue };
}

test("an item is called at the first tick after its time, and items may leave while others are called", async () => {
  const clock = createFakeClock();
  const sweep = startTimerSweep(clock, 10);
  const called: string[] = [];
  const second = due(20, () => called.push("second"));
  const first = due(20, () => {
    called.push("first");
    sweep.remove(first);
    sweep.remove(second);
  });
  sweep.add(second);
  sweep.add(first);
  await clock.advance(19);
  expect(called).toEqual([]);
  await clock.advance(20);
  expect(called).toEqual(["first"]);
  expect(sweep.size).toBe(0);
});

test("whatever is added and removed in whatever order, exactly those inside are called", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 60 }), async (steps) => {
      const clock = createFakeClock();
      const sweep = startTimerSweep(clock, 10);
      const called = new Set<number>();
      const items = Array.from({ length: 10 }, (_, index) => due(0, () => void called.add(index)));
      const inside = new Set<number>();
      for (const [isAdd, index] of steps) {
        if (isAdd) sweep.add(items[index] as Due);
        else sweep.remove(items[index] as Due);
        if (isAdd) inside.add(index);
        else inside.delete(index);
      }
      await clock.advance(10);
      expect(called).toEqual(inside);
    }),
  );
});
