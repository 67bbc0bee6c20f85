import { expect, test } from "vitest";
import { readValidatorIds } from "./validator-ids.ts";

const key = `0x${"ab".repeat(48)}`;

test("indices, ranges, keys and files in any mix, each once and rising", () => {
  const file = `# ours\n7, 3\n${key.toUpperCase().replace("0X", "0x")} # by key\n\n`;
  expect(readValidatorIds(`9 2-4,@ours.txt;9`, () => file)).toEqual({ indices: [2, 3, 4, 7, 9], pubkeys: [key] });
});

test.each([
  ["foo", /"foo" is neither an index, a range nor a key/],
  ["5-2", /the range 5-2 cannot be/],
  ["0-99999999", /more than 1000000 validators/],
  ["1-9999999999", /the range 1-9999999999 cannot be/],
  [" , ", /no validator is named/],
  ["0xabcd", /neither an index/],
  ["-1", /neither an index/],
  ["x".repeat(9_000), /x…" is neither/],
])("%j is refused with what to write", (text, message) => {
  expect(() => readValidatorIds(text)).toThrow(message);
  expect(() => readValidatorIds(text)).toThrow(/such as 1,2,5-9/);
});

test("a mistake in a file is named with its line; a file that is not there by its name", () => {
  expect(() => readValidatorIds("@ours.txt", () => "1\n2\nthree\n")).toThrow(/"three" in line 3 of ours.txt/);
  expect(() => readValidatorIds("@/nowhere/at-all.txt")).toThrow(/\/nowhere\/at-all.txt: ENOENT/);
});
