import { expect, test } from "vitest";
import { dutyBits, type EpochResult } from "../types.ts";
import { slashedBefore } from "./slashed-before.ts";

test("the columns of two epochs earlier tell who was slashed before", () => {
  const columns = { indices: Uint32Array.of(3, 8), duty: Uint8Array.of(dutyBits.assigned, dutyBits.slashed) };
  const before = slashedBefore({ columns } as unknown as EpochResult);
  expect([3, 8, 9].map((index) => before?.(index))).toEqual([false, true, false]);
  expect(slashedBefore(undefined)).toBeUndefined();
});
