import { describe, expect, it } from "vitest";
import { copyCells, lossColor, lossColors, readColor, worstColors, type Rgb } from "./heatmap-paint.ts";

const kinds: readonly Rgb[] = Array.from({ length: 8 }, (_, cell) => [cell * 10, 1, 2] as const);
const scale = { none: [0, 0, 0], little: [100, 0, 0], much: [255, 0, 0] } as const;

describe("colours of the heatmap", () => {
  it("reads the tokens as they are written", () => {
    expect(readColor(" #0a5c74")).toEqual([10, 92, 116]);
    expect(readColor("#fff")).toEqual([255, 255, 255]);
    expect(readColor("rgb(1 2 3)")).toEqual([128, 128, 128]);
  });

  it("grows stronger with each step of the loss, and one step differs from nothing", () => {
    const reds = Array.from({ length: 32 }, (_, step) => lossColor(step, scale)[0]);
    for (let step = 1; step < 32; step++) expect(reds[step]).toBeGreaterThanOrEqual(reds[step - 1] ?? 0);
    expect(reds[1]).toBeGreaterThan(10);
    expect(reds.at(-1)).toBe(255);
  });

  it("keeps unknown and unassigned as they are, whatever was lost beside", () => {
    const colors = lossColors(kinds, scale);
    expect(colors[0]).toBe(worstColors(kinds)[0]);
    expect(colors[1 | (31 << 3)]).toBe(worstColors(kinds)[1]);
    expect(colors[6 | (31 << 3)]).toBe(0xff0000ff);
  });
});

describe("copyCells", () => {
  it("copies exactly the part that is shown, row by row", () => {
    const level = { rowsPerBin: 1, bins: 3, cells: Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 0]) };
    const into = new Uint32Array(3 * 4);
    const colors = Uint32Array.from({ length: 256 }, (_, byte) => byte + 100);
    copyCells(level, { fromEpoch: 1, toEpoch: 3, fromBin: 1, toBin: 3 }, colors, into, 4);
    expect([...into]).toEqual([104, 107, 0, 0, 105, 100, 0, 0, 0, 0, 0, 0]);
  });
});
