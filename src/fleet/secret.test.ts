import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

test("a secret shows its text in no way of printing, alone or inside something", () => {
  const secret = new Secret("hunter2", "env TOKEN");
  const printed = [
    String(secret),
    `${secret}`,
    "" + secret,
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect([secret], { showHidden: true }),
  ];
  for (const text of printed) {
    expect(text).toContain("***");
    expect(text).not.toContain("hunter2");
  }
  expect(Object.values({ ...secret })).toEqual(["env TOKEN"]);
  expect(secret.reveal()).toBe("hunter2");
});

test("secrets are compared by their text", () => {
  const secret = new Secret("a", "env A");
  expect(secret.equals(new Secret("a", "file B"))).toBe(true);
  expect(secret.equals(new Secret("b", "env A"))).toBe(false);
  expect(secret.equals(undefined)).toBe(false);
});
