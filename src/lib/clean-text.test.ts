import { expect, test } from "vitest";
import { cleanLine, cleanText, printable, printableJson } from "./clean-text.ts";

test("control characters are taken out, whatever they would do to a terminal or a reader", () => {
  expect(cleanLine("\u001b[2Jred\u0007 \u009b31malert\u0000")).toBe("[2Jred 31malert");
  expect(cleanLine("invoice\u202Efdp.exe\u2066")).toBe("invoicefdp.exe");
});

test("a text keeps its lines and tabs, a line has none", () => {
  const text = "  first\r\n\tsecond\rthird\u2028fourth\n ";
  expect(cleanText(text)).toBe("first\n\tsecond\nthird\nfourth");
  expect(cleanLine(text)).toBe("first second third fourth");
});

test("words of any language stay as they are", () => {
  expect(cleanLine("Größe 节点 עברית 🇨🇭 👩‍🚒")).toBe("Größe 节点 עברית 🇨🇭 👩‍🚒");
});

test("what is written to a terminal keeps its shape, and cannot command the terminal", () => {
  expect(printable("a  b\n\u001b]0;x\u0007  c\n")).toBe("a  b\n]0;x  c\n");
  const value = { title: "\u009b31m\u202e \u001b" };
  const json = printableJson(value);
  expect(json).toContain("\\u009b31m\\u202e \\u001b");
  expect(JSON.parse(json)).toEqual(value);
});
