import { describe, expect, it } from "vitest";
import { isOneChain, parseBits } from "./judge-read.ts";

describe("parseBits", () => {
  it("reads the lowest bit of the first byte first", () => {
    const bits = parseBits("0x0580");
    expect(bits.length).toBe(16);
    expect(bits.flatMap((isSet, position) => (isSet ? [position] : []))).toEqual([0, 2, 15]);
  });
});

describe("isOneChain", () => {
  it("fails when a block's parent is not the block before", () => {
    const rest = { proposerIndex: 0, feeRecipient: "0x", attestations: [], syncBits: [] };
    const first = { ...rest, slot: 1, root: "a", parentRoot: "genesis" };
    expect(isOneChain([first, { ...rest, slot: 3, root: "b", parentRoot: "a" }])).toBe(true);
    expect(isOneChain([first, { ...rest, slot: 3, root: "b", parentRoot: "c" }])).toBe(false);
  });
});
