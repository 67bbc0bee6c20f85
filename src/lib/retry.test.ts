import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs } from "./retry.ts";

it("doubles from the base to the ceiling, with the upper half random", () => {
  expect(backoffMs(0, 100, 10_000, () => 0)).toBe(50);
  expect(backoffMs(3, 100, 10_000, () => 0)).toBe(400);
  expect(backoffMs(3, 100, 10_000, () => 0.5)).toBe(600);
});

it("never leaves its bounds, however many attempts", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const wait = backoffMs(attempt, 100, 10_000, () => random);
      expect(wait).toBeGreaterThanOrEqual(50);
      expect(wait).toBeLessThanOrEqual(10_000);
    }),
  );
});
