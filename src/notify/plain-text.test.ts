import fc from "fast-check";
import { expect, test } from "vitest";
import { outboxMessage } from "../outbox/testing/sample-message.ts";
import { cutText, titleOf } from "./plain-text.ts";

test("what fits stays, what does not is cut between characters, and never longer than allowed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (text, maxLength) => {
      const cut = cutText(text, maxLength);
      expect(cut.length).toBeLessThanOrEqual(maxLength);
      expect(cut.isWellFormed()).toBe(true);
      if (text.length <= maxLength) expect(cut).toBe(text);
      else expect(text.startsWith(cut.replace(/…$/, ""))).toBe(true);
    }),
  );
  expect(cutText("ab👍🏽cd", 6)).toBe("ab…");
});

test("a title is one line", () => {
  const body = { ...outboxMessage().body, title: " a\r\nb\tc " };
  expect(titleOf(outboxMessage({ kind: "resolve", body }))).toBe("RESOLVED: a b c");
});
