import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOperatorStates, type OperatorMark } from "./operator-states.ts";

let folder: string;
const path = () => join(folder, "main.operator.json");
const mark = (node: string, state: OperatorMark["state"]): OperatorMark => ({
  group: "default",
  node,
  state,
  by: "alice",
  at: 1,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-operator-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what was set is there after a restart, and active nodes leave no mark", () => {
  const first = openOperatorStates(path());
  first.set(mark("bn1", "cordoned"));
  first.set(mark("bn2", "maintenance"));
  first.set(mark("bn1", "active"));
  const second = openOperatorStates(path());
  expect(second.warning).toBeUndefined();
  expect(second.ofGroup("default")).toEqual({ bn2: "maintenance" });
  expect(second.ofGroup("other")).toEqual({});
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["main.operator.json"]);
});

test("an unreadable file means an empty start that says so", () => {
  writeFileSync(path(), '{"marks": [{"group"');
  const states = openOperatorStates(path());
  expect(states.marks()).toEqual([]);
  expect(states.warning).toMatch(/no node is cordoned/);
});

test("entries that make no sense are left out", () => {
  writeFileSync(
    path(),
    JSON.stringify({ marks: [null, { group: "default", node: "bn1", state: "exploded" }, mark("bn2", "draining")] }),
  );
  expect(openOperatorStates(path()).ofGroup("default")).toEqual({ bn2: "draining" });
});

test("when the disk refuses, the state stays as it was", () => {
  const states = openOperatorStates(join(path(), "under-a-file", "x.json"));
  writeFileSync(path(), "");
  expect(() => states.set(mark("bn1", "cordoned"))).toThrow(/nothing was changed/);
  expect(states.marks()).toEqual([]);
});

test("reading again takes over what another process wrote; a file that broke meanwhile changes nothing", () => {
  const first = openOperatorStates(path());
  openOperatorStates(path()).set({ ...mark("bn1", "draining"), isForced: true });
  expect(first.reload()).toBeUndefined();
  expect(first.marks()).toEqual([{ ...mark("bn1", "draining"), isForced: true }]);
  writeFileSync(path(), "{");
  expect(first.reload()).toContain("cannot be read again");
  expect(first.ofGroup("default")).toEqual({ bn1: "draining" });
});
