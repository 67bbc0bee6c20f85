import { expect, test } from "vitest";
import { dutyBits } from "../types.ts";
import { dutySpecOf } from "./duty-spec.ts";
import {
  baseRewardPerIncrement,
  integerSquareRoot,
  proposerSyncShare,
  rewardTable,
  syncSeatReward,
} from "./spec-rewards.ts";

const raw = { SLOT_DURATION_MS: "12000", SLOTS_PER_EPOCH: "32", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256" };
const spec = dutySpecOf(raw);
const all = dutyBits.assigned | dutyBits.included | dutyBits.timelySource | dutyBits.timelyTarget | dutyBits.timelyHead;

test("a million validators of 32 ETH: worked out by hand", () => {
  const active = 32_000_000;
  // isqrt(3.2e16) = 178,885,438; 64e9 / that = 357.
  expect(baseRewardPerIncrement(spec, active)).toBe(357n);
  const everybody = { source: active, target: active, head: active };
  const table = rewardTable(spec, active, everybody, false);
  // base 32 x 357 = 11,424; 14/64 and 26/64 of it.
  expect(table.ideal(32)).toBe(2499 + 4641 + 2499);
  expect(table.earned(32, all)).toBe(9639);
  expect(table.earned(32, dutyBits.assigned)).toBe(-2499 - 4641);
  expect(table.earned(32, all & ~dutyBits.timelyHead)).toBe(2499 + 4641);
  expect(table.earned(32, all | dutyBits.slashed)).toBe(-2499 - 4641);
  // 357 x 32e6 x 2/64 / 32 / 512 = 21,789; x 8/56 = 3,112.
  expect(syncSeatReward(spec, active)).toBe(21_789);
  expect(proposerSyncShare(spec, 21_789)).toBe(3112);
});

test("in a leak nothing is earned, penalties stay", () => {
  const table = rewardTable(spec, 1000, { source: 1000, target: 500, head: 1 }, true);
  expect(table.ideal(32)).toBe(0);
  expect(table.earned(32, all)).toBe(0);
  expect(table.earned(32, dutyBits.assigned)).toBeLessThan(0);
});

test("the square root is exact beyond 2^53", () => {
  const big = 9_007_199_254_740_993n;
  expect(integerSquareRoot(big * big)).toBe(big);
  expect(integerSquareRoot(big * big - 1n)).toBe(big - 1n);
  expect([0n, 1n, 2n, 3n, 4n].map(integerSquareRoot)).toEqual([0n, 1n, 1n, 1n, 2n]);
});

test("numbers that a node does not say are mainnet's; those that cannot be are refused by name", () => {
  expect(spec).toMatchObject({ syncCommitteeSize: 512, baseRewardFactor: 64, timelySourceDelay: 5, headWeight: 14 });
  expect(dutySpecOf({ ...raw, SLOTS_PER_EPOCH: "16", BASE_REWARD_FACTOR: "25" })).toMatchObject({
    timelySourceDelay: 4,
    baseRewardFactor: 25,
  });
  for (const bad of ["0", "-1", "x", {}, null, 1.5])
    expect(() => dutySpecOf({ ...raw, SYNC_COMMITTEE_SIZE: bad })).toThrow(/SYNC_COMMITTEE_SIZE/);
  expect(() => dutySpecOf("no")).toThrow(expect.objectContaining({ code: "duty-spec-invalid" }));
});
