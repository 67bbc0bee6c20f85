import { describe, expect, it } from "vitest";
import { tileOf } from "./heatmap-fixture.ts";
import { findWorstRows, readBin, spotWords } from "./heatmap-words.ts";

const tile = tileOf([
  [2, 2, 2],
  [2, 6, 3],
  [0, 7, 2],
  [1, 6, 6],
]);

function worst(most: number) {
  const steps = findWorstRows(tile, most);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe("words of the heatmap", () => {
  it("names one validator's cell", () => {
    expect(spotWords(tile, { epoch: 1, row: 1 }, 1)).toBe("epoch 101 (final), validator 1,001: missed");
    expect(spotWords(tile, { epoch: 0, row: 2 }, 1)).toBe("epoch 100 (final), validator 1,002: unknown");
  });

  it("counts a row of many, worst first, with the share that was lost", () => {
    expect(spotWords(tile, { epoch: 1, row: 0 }, 4)).toBe(
      "epoch 101 (final), 4 validators 1,000 to 1,003: 1 slashed, 2 missed, 1 perfect; 75.00\u00a0% of the rewards lost",
    );
    expect(readBin(tile, { epoch: 1, row: 0 }, 4).worstRow).toBe(2);
  });

  it("says that an epoch is not stored, and no share where nothing is known", () => {
    const hole = { ...tileOf([[0], [1]]), states: [null] };
    expect(spotWords(hole, { epoch: 0, row: 0 }, 2)).toBe(
      "epoch 100 (not stored), 2 validators 1,000 to 1,001: 1 no duty, 1 unknown",
    );
  });

  it("finds the validators that lost the most, and none that lost nothing", () => {
    expect(worst(10).map(({ index, missed, judged }) => [index, missed, judged])).toEqual([
      [1003, 2, 2],
      [1002, 1, 2],
      [1001, 1, 3],
    ]);
    expect(worst(1).map(({ index }) => index)).toEqual([1003]);
  });
});
