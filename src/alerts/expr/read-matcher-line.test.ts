import { expect, it } from "vitest";
import { readMatcherLine } from "./read-matcher-line.ts";

const words = (text: string) => {
  const read = readMatcherLine(text);
  return read.kind === "read" ? [read.value.name, read.value.op, read.value.value] : `${read.position} ${read.message}`;
};

it.each([
  ["customer=lido", ["customer", "=", "lido"]],
  ['customer="lido"', ["customer", "=", "lido"]],
  [" severity =~ critical|warning ", ["severity", "=~", "critical|warning"]],
  ["node!=bn1", ["node", "!=", "bn1"]],
  ["node!~bn[12]", ["node", "!~", "bn[12]"]],
  ["customer=*", ["customer", "=", "*"]],
  ["customer=", ["customer", "=", ""]],
  ["note=a=b", ["note", "=", "a=b"]],
  ["note='say \"a\"'", ["note", "=", 'say "a"']],
])("reads %s", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

it("refuses what is no matcher, and says where a pattern is wrong", () => {
  expect(words("customer")).toMatch(/^0 expected a label/);
  expect(words("")).toMatch(/^0 expected a label/);
  expect(words('node="bn1", host="a"')).toContain("expected one matcher");
  expect(words("node=~bn(1")).toMatch(/^6|^8/);
  expect(words('node="bn1')).toMatch(/^5 this text is not closed/);
});
