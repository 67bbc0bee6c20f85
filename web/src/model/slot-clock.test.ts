import { describe, expect, it } from "vitest";
import { finalityRail, slotTimeAt } from "./slot-clock.ts";

const network = {
  configName: "x",
  genesisTimeMs: 1_000,
  slotDurationMs: 3_000,
  slotsPerEpoch: 8,
  genesisValidatorsRoot: "0x",
};

describe("slotTimeAt", () => {
  it("counts from genesis with the network's own durations", () => {
    expect(slotTimeAt(1_000 + 3_000 * 17 + 1_500, network)).toMatchObject({
      slot: 17,
      epoch: 2,
      slotInEpoch: 1,
      slotProgress: 0.5,
    });
  });

  it("is before genesis until then", () => {
    expect(slotTimeAt(999, network)).toMatchObject({ slot: -1, epoch: -1 });
  });
});

describe("finalityRail", () => {
  const states = (...input: Parameters<typeof finalityRail>) =>
    finalityRail(...input).map((cell) =>
      cell.kind === "epoch" ? `${cell.epoch} ${cell.state}` : `${cell.fromEpoch}-${cell.toEpoch}`,
    );

  it("shows finalized, justified and the current epoch", () => {
    expect(states(10, 8, 9)).toEqual(["7 finalized", "8 finalized", "9 justified", "10 current"]);
  });

  it("starts at genesis", () => {
    expect(states(1, 0, 0)).toEqual(["0 finalized", "1 current"]);
  });

  it("folds a long stretch without finality, and loses no epoch", () => {
    expect(states(40, 10, 11)).toEqual([
      "10 finalized",
      "11 justified",
      "12-35",
      "36 open",
      "37 open",
      "38 open",
      "39 open",
      "40 current",
    ]);
  });

  it("claims nothing when nothing is known", () => {
    expect(states(10, undefined, undefined)).toEqual(["7 open", "8 open", "9 open", "10 current"]);
  });
});
