import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../app/testing/run-command.ts";
import { faultKinds } from "../faults/registry.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-drill-cli-"));
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    'nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\ngroups: [{ name: main, listen: 127.0.0.1:0 }]\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const command = runCommand(folder, "drill", ...args);
  return { status: await command.ended, ...command.output() };
}

test("kinds names every kind, with its settings", async () => {
  const { status, stdout } = await run("kinds");
  expect(status).toBe(0);
  for (const kind of faultKinds) expect(stdout).toContain(`${kind}: `);
  expect(stdout).toContain("--set bytesPerSecond, at");
});

test("an unknown kind is wrong usage, and is answered with those that exist", async () => {
  const { status, stderr } = await run("run", "meteor", "--node", "bn1");
  expect(status).toBe(2);
  expect(stderr).toContain("there are refuse, reset, hang");
});

test.each([
  [["run", "hang"], /--node/],
  [["run", "hang", "--node", "bn1", "--for", "601"], /1 to 600/],
  [["run", "hang", "--node", "bn1", "--set", "speed"], /name=value/],
])("%j is wrong usage", async (args, message) => {
  const { status, stderr } = await run(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test("with no gateway to be reached it says so, and that nothing was begun", async () => {
  const { status, stderr } = await run("run", "hang", "--node", "bn1");
  expect(status).toBe(1);
  expect(stderr).toMatch(/no reachable gateway has such a node/);
});

test("without a monitor the list says where past drills are", async () => {
  const { status, stdout } = await run("list");
  expect(status).toBe(0);
  expect(stdout).toContain("No monitor runs");
});
