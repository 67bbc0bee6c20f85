import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../lib/log.ts";
import { branchChoiceFile } from "./branch-choice-file.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slotkeeper-branch-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const choice = { root: "0x01", by: "anna", at: 5, anchor: { slot: 9, root: "0x02" }, nodes: ["a", "b"] };

test("what a person chose outlives a restart, mode 0600, until its split has ended", () => {
  const path = join(folder, "deep", "choice.json");
  const file = branchChoiceFile(path, silentLogger);
  expect(file.load()).toBeUndefined();
  file.save(choice);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(branchChoiceFile(path, silentLogger).load()).toEqual(choice);
  file.save(undefined);
  expect(file.load()).toBeUndefined();
});

test("a file that cannot be read is no choice", () => {
  const path = join(folder, "choice.json");
  for (const text of ["", "{}", '{"choice":{"root":1}}']) {
    writeFileSync(path, text);
    expect(branchChoiceFile(path, silentLogger).load()).toBeUndefined();
  }
});
