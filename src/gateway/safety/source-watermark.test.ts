import { expect, test } from "vitest";
import { isRegressed, raise } from "./source-watermark.ts";

const at = 77;
const report = (sourceEpoch: number, justified: (number | undefined)[], currentEpoch: number | undefined = 100) => ({
  sourceEpoch,
  currentEpoch,
  justified,
});

test("it rises to a source that two nodes reported, and then nothing below it is served", () => {
  const watermark = raise(undefined, report(98, [98, 99, 90]), at);
  expect(watermark).toEqual({ epoch: 98, at });
  expect([97, 98, 99].map((epoch) => isRegressed(watermark, epoch))).toEqual([true, false, false]);
  expect(isRegressed(undefined, 0)).toBe(false);
});

test("one node alone does not raise it, unless it is the only one of the group", () => {
  expect(raise(undefined, report(98, [98, 97, undefined]), at)).toBeUndefined();
  expect(raise(undefined, report(98, [98]), at)).toEqual({ epoch: 98, at });
});

test("it never rises to the current epoch or beyond, nor while the time is unknown", () => {
  for (const epoch of [100, 101, 1e9]) expect(raise(undefined, report(epoch, [epoch, epoch]), at)).toBeUndefined();
  expect(raise(undefined, { ...report(98, [98, 98]), currentEpoch: undefined }, at)).toBeUndefined();
});

test("it never falls", () => {
  const before = { epoch: 98, at: 1 };
  expect(raise(before, report(97, [97, 97]), at)).toBe(before);
  expect(raise(before, report(98, [98, 98]), at)).toBe(before);
});
