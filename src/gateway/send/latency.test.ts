import fc from "fast-check";
import { expect, test } from "vitest";
import { hedgeDelayMs, observe, type Quantile } from "./latency.ts";

test("learns about the 95th percentile of what it sees, and follows when it changes", () => {
  const quantile: Quantile = { value: 0 };
  // Nineteen fast ones and a slow one in turn: the estimate must stay between them.
  for (let i = 0; i < 4_000; i++) observe(quantile, i % 20 === 0 ? 200 : 10);
  expect(quantile.value).toBeGreaterThan(10);
  expect(quantile.value).toBeLessThan(260);
  for (let i = 0; i < 4_000; i++) observe(quantile, 500 + (i % 20));
  expect(quantile.value).toBeGreaterThan(450);
  expect(quantile.value).toBeLessThan(700);
});

test("whatever was learnt, the wait before a hedge stays within half and the whole of its bound", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.integer({ min: 100, max: 60_000 }),
      (value, slotMs) => {
        const delay = hedgeDelayMs({ value }, slotMs, 300);
        expect(delay).toBeGreaterThanOrEqual(150);
        expect(delay).toBeLessThanOrEqual(300);
      },
    ),
  );
  expect(hedgeDelayMs(undefined, 12_000, 300)).toBe(300);
  expect(hedgeDelayMs({ value: 1 }, 12_000, 300)).toBe(150);
});
