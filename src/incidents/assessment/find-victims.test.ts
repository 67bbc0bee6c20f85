import { expect, test } from "vitest";
import { dutyBits } from "../../duties/types.ts";
import { findVictims, isOrdinary } from "./find-victims.ts";

const good = dutyBits.assigned | dutyBits.included | dutyBits.timelyTarget;
const wrongTarget = dutyBits.assigned | dutyBits.included;

/** Validators 0 to 999; those in `lost` missed, or voted for the wrong target. */
function epoch(lost: readonly number[], how: number = dutyBits.assigned) {
  const duty = new Uint8Array(1000).fill(good);
  for (const index of lost) duty[index] = how;
  return { indices: Uint32Array.from({ length: 1000 }, (_, index) => index), duty };
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test("who lost two of three epochs is a victim; single losses are not", () => {
  const found = findVictims([epoch([1, 2, 500]), epoch([1, 2, 600], wrongTarget), epoch([1, 2, 700])], 0.001);
  expect(found.indices).toEqual([1, 2]);
  expect(found.ordinaryRate).toBeCloseTo(3e-6, 12);
});

test("while one epoch is known, or one shows far more, that epoch's losers are the victims", () => {
  expect(findVictims([epoch([3, 4])], 0.001)).toEqual({ indices: [3, 4], ordinaryRate: 0.001 });
  // Two keys are dead for long; then two hundred more are lost.
  const dead = [1, 2];
  const found = findVictims([epoch(dead), epoch(dead), epoch([...dead, ...range(100, 300)])], 0.002);
  expect(found.indices).toEqual([...dead, ...range(100, 300)]);
});

test("without a duty nobody loses one, and without epochs nobody is a victim", () => {
  expect(findVictims([epoch(range(0, 1000), 0)], 0).indices).toEqual([]);
  expect(findVictims([], 0.01).indices).toEqual([]);
});

test("what chance gives now and then is ordinary", () => {
  expect([isOrdinary(0, 0), isOrdinary(1, 0.1), isOrdinary(3, 1), isOrdinary(40, 25)]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([isOrdinary(1, 1e-4), isOrdinary(8, 1), isOrdinary(45, 25)]).toEqual([false, false, false]);
  expect([isOrdinary(1_070, 1_000), isOrdinary(1_120, 1_000)]).toEqual([true, false]);
});

test("one key that lost all three epochs is a victim where two would be an accident", () => {
  const found = findVictims([epoch([7, 1]), epoch([7, 2]), epoch([7, 3])], 0.005);
  expect(found.indices).toEqual([7]);
  expect(found.ordinaryRate).toBeCloseTo(0.005 ** 3, 15);
});
