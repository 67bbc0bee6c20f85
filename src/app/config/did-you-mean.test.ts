import { expect, test } from "vitest";
import { didYouMean } from "./did-you-mean.ts";

test.each([
  ["urll", "url"],
  ["rul", "url"],
  ["NODES", "nodes"],
  ["feeRecipient", "feeRecipients"],
  ["xyz", undefined],
  ["", undefined],
  ["u", undefined],
])("%j means %s", (written, meant) => {
  expect(didYouMean(written, ["nodes", "url", "feeRecipients"])).toBe(meant);
});
