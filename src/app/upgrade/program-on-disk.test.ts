import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { programOnDisk } from "./program-on-disk.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sk-program-")));
  for (const version of ["0.1.0", "0.2.0"]) {
    for (const part of ["cli", "app", "bin"]) mkdirSync(join(folder, version, "src", part), { recursive: true });
    writeFileSync(join(folder, version, "src", "cli", "main.ts"), "");
    writeFileSync(join(folder, version, "src", "app", "role-main.ts"), "");
    writeFileSync(join(folder, version, "node"), "");
  }
  symlinkSync("0.1.0", join(folder, "current"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const started = () => programOnDisk(join(folder, "current", "src", "cli", "main.ts"), join(folder, "current", "node"));

test("a link that was switched leads to the new version, though this process began in the old one", () => {
  expect(started().folder).toBe(join(folder, "0.1.0", "src", "app"));
  symlinkSync("0.2.0", join(folder, "next"));
  renameSync(join(folder, "next"), join(folder, "current"));
  rmSync(join(folder, "0.1.0"), { recursive: true });
  expect(started()).toEqual({ folder: join(folder, "0.2.0", "src", "app"), node: join(folder, "current", "node") });
});

test("a command that is itself a link, as npm makes them, is followed", () => {
  const link = join(folder, "slotkeeper");
  symlinkSync(join(folder, "current", "src", "cli", "main.ts"), link);
  expect(programOnDisk(link, "node").folder).toBe(join(folder, "0.1.0", "src", "app"));
});

test("where the names lead nowhere, the program that runs is used", () => {
  const { folder: own, node } = programOnDisk(join(folder, "gone", "main.ts"), join(folder, "gone", "node"));
  expect(own).toBe(join(import.meta.dirname, ".."));
  expect(node).toBe(process.execPath);
});
