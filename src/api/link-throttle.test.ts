import { expect, test } from "vitest";
import { createLinkThrottle } from "./link-throttle.ts";

function tryOften(times: number, address: string, now: number) {
  const waitOf = createLinkThrottle();
  let waitMs = 0;
  for (let turn = 0; turn < times; turn++) waitMs = waitOf(address, now);
  return { waitOf, waitMs };
}

test("thirty tries a minute, then none until the first of them is a minute old", () => {
  const { waitOf, waitMs } = tryOften(30, "10.0.0.1", 1_000);
  expect(waitMs).toBe(0);
  expect(waitOf("10.0.0.1", 31_000)).toBe(30_000);
  expect(waitOf("10.0.0.2", 31_000)).toBe(0);
  expect(waitOf("10.0.0.1", 61_000)).toBe(0);
});

test("whoever is refused is not refused longer for it", () => {
  expect(tryOften(100, "10.0.0.1", 1_000).waitMs).toBe(60_000);
});

test("addresses of one IPv6 network count as one, of another as another", () => {
  const { waitOf } = tryOften(30, "2001:db8:1:2::7", 1_000);
  expect(waitOf("2001:db8:1:2:aaaa:bbbb:cccc:dddd", 1_000)).toBe(60_000);
  expect(waitOf("2001:db8:1:3::7", 1_000)).toBe(0);
  expect(tryOften(30, "::1", 1_000).waitOf("::ffff:10.0.0.1", 1_000)).toBe(0);
});

test("what is remembered has a bound: the oldest is forgotten for the newest", () => {
  const { waitOf } = tryOften(30, "first", 1_000);
  for (let other = 0; other < 9_999; other++) waitOf(`other${other}`, 1_000);
  expect(waitOf("first", 1_000)).toBe(60_000);
  waitOf("one more", 1_000);
  expect(waitOf("first", 1_000)).toBe(0);
});
