import { expect, test } from "vitest";
import { compileTokens, tokenOf } from "./credentials.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test.each([
  ["Bearer abc", "abc"],
  ["bearer   abc", "abc"],
  [basic("vc:s3cret"), "s3cret"],
  [basic("vc:with:colons"), "with:colons"],
  [basic("token:"), "token"],
  [basic("nothing"), undefined],
  ["Digest abc", undefined],
  ["Bearer two words", undefined],
  ["", undefined],
])("%s gives %s", (header, token) => expect(tokenOf(header)).toBe(token));

test("a token finds its owner and nothing else does", () => {
  const owner = compileTokens([
    ["first", 1],
    ["second", 2],
  ]);
  expect(["first", "second", "firs", "first ", ""].map(owner)).toEqual([1, 2, undefined, undefined, undefined]);
});
