import { describe, expect, test } from "vitest";
import { beforeEpoch, epochsToJudgeAgain, planEpochs, type PlanInput } from "./plan-epochs.ts";

const base: PlanInput = {
  cursor: { provisionalEpoch: 10, finalEpoch: 8 },
  ...{ slotsPerEpoch: 32, currentSlot: 13 * 32, headSlot: 13 * 32, finalizedEpoch: 10, maxBackfillEpochs: 225 },
};

describe("what to judge next", () => {
  test("an epoch is judged in the first slot after the one that follows it", () => {
    expect(planEpochs(base)).toEqual({ kind: "judge", epoch: 11 });
    expect(planEpochs({ ...base, currentSlot: 13 * 32 - 1, headSlot: 13 * 32 - 1 })).toEqual({
      ...{ kind: "wait", reason: "up-to-date" },
    });
  });

  test("a head that has not come to the end proves nothing yet; later one of the last epoch must do", () => {
    const judge = { kind: "judge", epoch: 11 };
    const wait = { kind: "wait", reason: "head-behind" };
    expect(planEpochs({ ...base, headSlot: 13 * 32 - 2 })).toEqual(wait);
    expect(planEpochs({ ...base, headSlot: 13 * 32 - 1 })).toEqual(judge);
    expect(planEpochs({ ...base, currentSlot: 13 * 32 + 15, headSlot: 13 * 32 - 2 })).toEqual(wait);
    expect(planEpochs({ ...base, currentSlot: 13 * 32 + 16, headSlot: 12 * 32 })).toEqual(judge);
    expect(planEpochs({ ...base, currentSlot: 13 * 32 + 16, headSlot: 12 * 32 - 1 })).toEqual(wait);
  });

  test("an epoch is final once an epoch two after it is finalized, one after the other", () => {
    const judged = { ...base, cursor: { provisionalEpoch: 11, finalEpoch: 8 } };
    expect(planEpochs(judged)).toEqual({ kind: "wait", reason: "up-to-date" });
    expect(planEpochs({ ...judged, finalizedEpoch: 11 })).toEqual({ kind: "finalize", epoch: 9 });
    expect(planEpochs({ ...judged, finalizedEpoch: 99, cursor: { provisionalEpoch: 11, finalEpoch: 11 } })).toEqual({
      ...{ kind: "wait", reason: "up-to-date" },
    });
  });

  test("after a long pause the newest epochs are judged and the rest is a gap", () => {
    const late = { ...base, currentSlot: 502 * 32, headSlot: 502 * 32 };
    expect(planEpochs(late)).toEqual({ kind: "skip", fromEpoch: 11, toEpoch: 275 });
    expect(planEpochs({ ...late, cursor: beforeEpoch(276) })).toEqual({ kind: "judge", epoch: 276 });
  });

  test("the first start begins a few epochs back, and never before genesis", () => {
    expect(planEpochs({ ...base, cursor: undefined })).toEqual({ kind: "judge", epoch: 9 });
    expect(planEpochs({ ...base, cursor: undefined, currentSlot: 64, headSlot: 64 })).toEqual({
      ...{ kind: "judge", epoch: 0 },
    });
    expect(planEpochs({ ...base, cursor: undefined, currentSlot: 63 })).toEqual({
      ...{ kind: "wait", reason: "before-genesis" },
    });
  });

  test("a reorg asks for the epochs that could include what changed, but never for final ones", () => {
    const cursor = { provisionalEpoch: 20, finalEpoch: 17 };
    expect(epochsToJudgeAgain(cursor, 22 * 32 - 1, 32)).toEqual([]);
    expect(epochsToJudgeAgain(cursor, 22 * 32 - 2, 32)).toEqual([20]);
    expect(epochsToJudgeAgain(cursor, 0, 32)).toEqual([18, 19, 20]);
  });
});
