import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { apiTokenPath, openApiToken } from "./api-token.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-token-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("is made once, kept, and readable by its owner alone", () => {
  const first = openApiToken(folder, undefined);
  expect(first).toMatchObject({ isNew: true, path: apiTokenPath(folder) });
  expect(first.token.length).toBeGreaterThanOrEqual(32);
  expect(openApiToken(folder, undefined)).toMatchObject({ isNew: false, token: first.token });
  expect(statSync(apiTokenPath(folder)).mode & 0o777).toBe(0o600);
});

test("a file that others could read is closed to them", () => {
  openApiToken(folder, undefined);
  chmodSync(apiTokenPath(folder), 0o644);
  openApiToken(folder, undefined);
  expect(statSync(apiTokenPath(folder)).mode & 0o777).toBe(0o600);
});

test("the configured one wins and writes no file; one too short or with spaces is refused", () => {
  expect(openApiToken(folder, "configured-token-1")).toEqual({
    token: "configured-token-1",
    path: undefined,
    isNew: false,
  });
  expect(statSync(apiTokenPath(folder), { throwIfNoEntry: false })).toBeUndefined();
  expect(() => openApiToken(folder, "short")).toThrow(/16 characters/);
  writeFileSync(apiTokenPath(folder), "two words are no token\n");
  expect(() => openApiToken(folder, undefined)).toThrow(/no spaces/);
});
