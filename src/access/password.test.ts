import { expect, test } from "vitest";
import { hashPassword, nobodysHash, verifyPassword } from "./password.ts";
import { roleAllows, roles } from "./roles.ts";

test("a hash is argon2id in the PHC format, with a salt of its own, and fits its password alone", async () => {
  const [first, second] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword("correct horse", first)).toBe(true);
  expect(await verifyPassword("correct horse", second)).toBe(true);
  expect(await verifyPassword("correct horsf", first)).toBe(false);
  expect(await verifyPassword("", first)).toBe(false);
});

/** From `test.c` of the reference implementation: argon2id, version 19, "password", "somesalt", t=2, m=2^16, p=1. */
const reference = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";

test("it is the argon2id of the reference implementation, with the settings that the hash names", async () => {
  const tag = Buffer.from(reference, "hex").toString("base64").replace(/=+$/, "");
  expect(await verifyPassword("password", `$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${tag}`)).toBe(true);
  expect(await verifyPassword("password", `$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$${tag}`)).toBe(false);
  expect(await verifyPassword("anything", nobodysHash)).toBe(false);
  for (const garbage of ["", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "x".repeat(10_000)])
    expect(await verifyPassword("password", garbage)).toBe(false);
});

test("each role may what those below it may", () => {
  expect(roles.map((role) => roles.filter((needed) => roleAllows(role, needed)))).toEqual([
    ["viewer"],
    ["viewer", "responder"],
    ["viewer", "responder", "admin"],
  ]);
});
