import { defineFault } from "../types.ts";

export const drip = defineFault({
  kind: "drip",
  text: { short: "slow drip", long: "Answers begin at once and their bodies then arrive a few bytes at a time." },
  start: (fault) => ({ bytesPerSecond: Math.max(1, fault.bytesPerSecond ?? 20), isHeadSlow: fault.at === "head" }),
});
