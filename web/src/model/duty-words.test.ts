import { describe, expect, it } from "vitest";
import { formatBalance, formatGwei, formatShare } from "./amounts.ts";
import { cellOfDuty, delayWords, dutyBits, dutyVerdict, flagWords, proofCommands } from "./duty-words.ts";
import { heatCellOf } from "../../../src/duties/heat-cells.ts";
import { heatCells } from "./heat-cells.ts";

const { assigned, included, timelySource, timelyTarget, timelyHead, slashed } = dutyBits;

describe("words of a duty", () => {
  it.each([
    ["no duty", 0, 0, heatCells.unassigned],
    ["missed", assigned, 0, heatCells.missed],
    ["wrong target", assigned | included | timelySource, 1, heatCells.wrongTarget],
    ["wrong head", assigned | included | timelySource | timelyTarget, 1, heatCells.wrongHead],
    ["late", assigned | included | timelySource | timelyTarget, 2, heatCells.late],
    ["late", assigned | included | timelyTarget, 1, heatCells.late],
    ["perfect", assigned | included | timelySource | timelyTarget | timelyHead, 1, heatCells.perfect],
    ["slashed", assigned | included | slashed, 1, heatCells.slashed],
  ])("calls it %s, as the heatmap does", (word, duty, delay, cell) => {
    expect(dutyVerdict(duty, delay).word).toBe(word);
    expect(cellOfDuty(duty, delay)).toBe(cell);
    expect(heatCellOf(duty, delay, 0)).toBe(cell);
  });

  it("names each flag of an included vote, and none of a missed one", () => {
    expect(flagWords(assigned)).toEqual([]);
    expect(flagWords(assigned | included | timelySource)).toEqual([
      { word: "source", isTimely: true },
      { word: "target", isTimely: false },
      { word: "head", isTimely: false },
    ]);
  });

  it("tells the delay with and without empty slots", () => {
    expect(delayWords({ duty: assigned | included, delay: 1, emptySlots: 0 })).toBe("1 slot");
    expect(delayWords({ duty: assigned | included, delay: 3, emptySlots: 2 })).toBe("3 slots, 1 effective");
    expect(delayWords({ duty: assigned | included, delay: 255, emptySlots: 0 })).toBe("255 slots or more");
    expect(delayWords({ duty: assigned, delay: 0, emptySlots: 0 })).toBe("–");
  });

  it("gives commands that ask for exactly this duty", () => {
    const proof = {
      ...{
        seatFrom: "state" as const,
        validatorIndex: 7,
        epoch: 3,
        state: "final" as const,
        duty: { slot: 100, committee: 4, position: 9 },
      },
      ...{ expected: undefined, examined: [], duties: 3, delay: 1, emptySlots: 0 },
      inclusions: [
        {
          ...{ blockSlot: 101, blockRoot: "0xab", attestation: 5, bit: 77, headRoot: "0x01", delay: 1, duties: 3 },
          ...{ source: { epoch: 1, root: "0x" }, target: { epoch: 3, root: "0x" } },
        },
      ],
    };
    expect(proofCommands(proof).map(({ command }) => command)).toEqual([
      "slotkeeper validators why 7 --epoch 3",
      `curl -s "$BEACON/eth/v1/beacon/states/100/committees?epoch=3&slot=100&index=4" | jq -r '.data[0].validators[9]'`,
      `curl -s "$BEACON/eth/v2/beacon/blocks/0xab" | jq '.data.message.body.attestations[5]'`,
    ]);
  });
});

describe("amounts", () => {
  it("never rounds a loss away", () => {
    expect([1, 0.99999, 0.9995, 0.00001, 0, undefined].map(formatShare)).toEqual([
      "100.00\u00a0%",
      "99.99\u00a0%",
      "99.95\u00a0%",
      "<0.01\u00a0%",
      "0.00\u00a0%",
      "unknown",
    ]);
  });

  it("tells small amounts in gwei, large ones in coins", () => {
    expect(formatGwei(-12_345, "ETH")).toBe("−12,345\u00a0gwei");
    expect(formatGwei(1_234_567_890, "ETH")).toBe("1.235\u00a0ETH");
    expect(formatBalance(32_004_718_231, "ETH")).toBe("32.004718231\u00a0ETH");
    expect(formatBalance(32e9, "ETH")).toBe("32.00\u00a0ETH");
  });
});
