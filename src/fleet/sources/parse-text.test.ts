import fc from "fast-check";
import { expect, test } from "vitest";
import { parseText } from "./parse-text.ts";
import { readList } from "./read-list.ts";

const key = (n: number) => `0x${n.toString(16).padStart(96, "0")}`;

test("each line is a key, with or without 0x, or an index; comments and empty lines are nothing", () => {
  const text = `# ours\r\n${key(1)}\r\n\r\n  ${key(2).slice(2)}  # second\n4294967295\n`;
  expect(parseText(text, "keys.txt")).toMatchObject({
    ok: true,
    validators: [{ pubkey: key(1) }, { pubkey: key(2) }, { pubkey: undefined, index: 4_294_967_295 }],
    skipped: [],
  });
});

test("lines that are neither are told by number", () => {
  expect(parseText(`0x12\n4294967296\n-1\n1.5\n${key(1)}f\n7\n`, "keys.txt")).toMatchObject({
    ok: true,
    validators: [{ index: 7 }],
    skipped: [
      'line 1: "0x12" is neither a key nor an index',
      'line 2: "4294967296" is neither a key nor an index',
      'line 3: "-1" is neither a key nor an index',
      'line 4: "1.5" is neither a key nor an index',
      expect.stringMatching(/^line 5: "0x0+\.\.\." is neither/) as unknown,
    ],
  });
});

test("no text makes the reader throw, and every line is either listed or told", () => {
  const line = fc.oneof(fc.stringMatching(/^[ -~]{0,40}$/), fc.nat().map(String), fc.nat().map(key));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const reading = parseText(lines.join("\n"), "keys.txt");
      const entries = lines.filter((text) => (text.split("#")[0] ?? "").trim() !== "");
      expect(reading.ok && reading.validators.length + reading.skippedCount).toBe(entries.length);
    }),
  );
});

test("a list gives its keys and indices", () => {
  expect(readList(["5", key(1)])).toMatchObject({ ok: true, validators: [{ index: 5 }, { pubkey: key(1) }] });
});
