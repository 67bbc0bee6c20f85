import { expect, test } from "vitest";
import { checkFeeRecipient } from "./fee-recipient.ts";

// The examples of EIP-55.
test.each([
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb",
  "0x52908400098527886E0F7030069857D2E4169EE7",
])("%s is an address", (address) => {
  expect(checkFeeRecipient(address)).toBeUndefined();
});

test.each([
  ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", "checksum"],
  ["0x0000000000000000000000000000000000000000", "zero address"],
  ["0x5aAeb6", "40 hex digits"],
  ["5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "40 hex digits"],
])("%s is refused for its %s", (address, why) => {
  expect(checkFeeRecipient(address)).toContain(why);
});
