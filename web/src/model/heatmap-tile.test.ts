import { describe, expect, it } from "vitest";
import { bodyOf, tileOf } from "./heatmap-fixture.ts";
import { readHeatTile } from "./heatmap-tile.ts";

const tile = tileOf([
  [2, 6, 2],
  [2, 2, 7],
]);

describe("readHeatTile", () => {
  it("gives back what was sent, whatever the header's length does to alignment", () => {
    for (const fromEpoch of [1, 12, 123, 1234]) {
      const read = readHeatTile(bodyOf({ ...tile, fromEpoch }));
      expect(read).toEqual({ ...tile, fromEpoch });
    }
  });

  it("reads a tile of nobody", () => {
    expect(readHeatTile(bodyOf(tileOf([])))).toMatchObject({ rows: 0, epochs: 0 });
  });

  it.each<[string, ArrayBuffer]>([
    ["nothing", new ArrayBuffer(0)],
    ["a header that is cut off", bodyOf(tile).slice(0, 20)],
    ["a cell too few", bodyOf(tile).slice(0, -1)],
    ["more rows than there are", bodyOf(tile, { rows: 3 })],
    ["a negative count", bodyOf(tile, { rows: -1 })],
    ["fewer states than epochs", bodyOf(tile, { states: ["final"] })],
    ["a state that nobody knows", bodyOf(tile, { states: ["final", "sure", "final"] })],
    ["an HTML page", new TextEncoder().encode("<!doctype html><html></html>").buffer],
  ])("refuses %s and says what to do", (_name, body) => {
    expect(() => readHeatTile(body)).toThrow(/^The heatmap cannot be read: .*Reload the page/);
  });
});
