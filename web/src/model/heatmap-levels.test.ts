import { describe, expect, it } from "vitest";
import { heatKinds, wholeReward } from "./heat-cells.ts";
import { tileOf } from "./heatmap-fixture.ts";
import { buildLevels, lossStep, lossSteps, type HeatLevel } from "./heatmap-levels.ts";

function build(rows: readonly (readonly number[])[]): readonly HeatLevel[] {
  const steps = buildLevels(tileOf(rows));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const worstOf = (byte: number | undefined) => (byte ?? 0) & 7;
const stepOf = (byte: number | undefined) => (byte ?? 0) >> 3;

describe("lossStep", () => {
  it("rises with the share, from nothing to everything, and keeps the smallest loss visible", () => {
    expect([0, 1e-9, 0.001, 0.5, 1].map(lossStep)).toEqual([0, 1, 11, 29, lossSteps]);
    expect(lossStep(Number.NaN)).toBe(0);
  });
});

describe("buildLevels", () => {
  it("holds single cells first and ends at the smallest drawing", () => {
    const levels = build(Array.from({ length: 1000 }, () => [2]));
    expect(levels.map(({ rowsPerBin, bins }) => [rowsPerBin, bins])).toEqual([
      [1, 1000],
      [2, 500],
      [4, 250],
      [8, 125],
    ]);
  });

  it("agrees with a count by hand, at every level and with rows that do not fill the last bin", () => {
    let seed = 7;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const rows = Array.from({ length: 301 }, () =>
      Array.from({ length: 3 }, () => (random() < 0.2 ? Math.floor(random() * 8) : 2)),
    );
    for (const { rowsPerBin, bins, cells } of build(rows))
      for (let epoch = 0; epoch < 3; epoch++)
        for (let bin = 0; bin < bins; bin++) {
          const members = rows.slice(bin * rowsPerBin, (bin + 1) * rowsPerBin).map((row) => row[epoch] ?? 0);
          const lost = members.reduce((sum, cell) => sum + (heatKinds[cell]?.lost ?? 0), 0);
          const judged = members.filter((cell) => cell >= 2).length;
          const isUnknown = lost === 0 && members.filter((cell) => cell === 0).length * 2 > members.length;
          const byte = cells[epoch * bins + bin];
          expect(worstOf(byte)).toBe(isUnknown ? 0 : Math.max(...members));
          expect(stepOf(byte)).toBe(judged === 0 ? 0 : lossStep(lost / (judged * wholeReward)));
        }
  });

  it("keeps one miss among many visible, and never calls a mostly unknown bin perfect", () => {
    const missed = build(Array.from({ length: 256 }, (_, row) => [row === 37 ? 6 : 2]));
    expect(worstOf(missed.at(-1)?.cells[Math.floor(37 / (missed.at(-1)?.rowsPerBin ?? 1))])).toBe(6);
    const unknown = build(Array.from({ length: 256 }, (_, row) => [row % 4 === 0 ? 2 : 0]));
    expect([...(unknown.at(-1)?.cells ?? [])].every((byte) => byte === 0)).toBe(true);
  });

  it("takes a cell that no contract names for unknown", () => {
    expect(worstOf(build([[200]])[0]?.cells[0])).toBe(0);
  });
});
