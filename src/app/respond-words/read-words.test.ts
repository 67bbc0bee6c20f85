import { expect, test } from "vitest";
import { fromNow, when } from "./people-time.ts";
import { readInstant } from "./read-instant.ts";
import { readMatcher } from "./read-matcher.ts";

const now = Date.UTC(2026, 10, 26, 23, 30);

test("an instant is told in UTC, by the reader's clock with its day where that differs, and how far away", () => {
  expect(when(now, { now: now - 3 * 3_600_000, timeZone: "UTC" })).toBe("2026-11-26 23:30 UTC (in 3 h)");
  expect(when(now, { now, timeZone: "Europe/Zurich" })).toBe("2026-11-26 23:30 UTC (2026-11-27 00:30 GMT+1, now)");
  expect(when(now, { now: now + 60_000, timeZone: "Asia/Kolkata" })).toBe(
    "2026-11-26 23:30 UTC (2026-11-27 05:00 GMT+5:30, 1 min ago)",
  );
  expect(fromNow(now - 90_000, now)).toBe("2 min ago");
});

test.each([
  ["now", "2026-11-26T23:30:00.000Z"],
  ["+8h", "2026-11-27T07:30:00.000Z"],
  ["+1h30m", "2026-11-27T01:00:00.000Z"],
  ["18:00", "2026-11-27T17:00:00.000Z"],
  ["0:15", "2026-11-27T23:15:00.000Z"],
  ["00:45", "2026-11-26T23:45:00.000Z"],
  ["2026-07-01 18:00", "2026-07-01T16:00:00.000Z"],
  ["2026-12-01", "2026-11-30T23:00:00.000Z"],
  ["2026-12-01T18:00Z", "2026-12-01T18:00:00.000Z"],
  ["2026-12-01 18:00 UTC", "2026-12-01T18:00:00.000Z"],
  ["2026-12-01T18:00:05-05:00", "2026-12-01T23:00:05.000Z"],
  ["2027-03-28 02:30", "2027-03-28T01:30:00.000Z"],
])("in Zurich %s is %s", (text, iso) => {
  const at = readInstant(text, now, "Europe/Zurich");
  expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(iso);
});

test.each(["", "tomorrow", "+", "+soon", "25:00", "2026-13-01", "2026-02-30", "2026-11-26T18", "18"])(
  "%j is no instant",
  (text) => expect(readInstant(text, now, "UTC")).toBeUndefined(),
);

test.each([
  ["node=bn1", { name: "node", op: "=", value: "bn1" }],
  ['customer != "acme corp"', { name: "customer", op: "!=", value: "acme corp" }],
  ["node=~bn[12]", { name: "node", op: "=~", value: "bn[12]" }],
  ["node!~'bn.*'", { name: "node", op: "!~", value: "bn.*" }],
  ["a=b=c", { name: "a", op: "=", value: "b=c" }],
  ["node=", { name: "node", op: "=", value: "" }],
  ['a="', { name: "a", op: "=", value: '"' }],
])("%s is read", (text, matcher) => expect(readMatcher(text)).toEqual({ kind: "read", matcher }));

test.each(["bn1", "=x", "no de=x", "node=~[", ""])("%j is refused with words", (text) => {
  const read = readMatcher(text);
  expect(read).toMatchObject({ kind: "refused", why: expect.stringContaining(text) as string });
});
