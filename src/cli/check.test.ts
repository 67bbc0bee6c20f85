import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFakeBeaconNode, startFakeServer, type FakeServer } from "../check/fake-servers.ts";
import { checkJson } from "../check/render-json.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let healthy: FakeServer;
let hanging: FakeServer;
beforeAll(async () => {
  healthy = await startFakeBeaconNode();
  hanging = await startFakeServer(() => undefined);
});
afterAll(async () => {
  await healthy.close();
  await hanging.close();
});

function slotkeeper(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, "check", ...args], (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

function shell(script: string): Promise<{ status: number; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile("bash", ["-c", script], (_, _stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stderr }),
    );
  });
}

test("a healthy node: exit 0, a table without colour codes in a pipe", async () => {
  const { status, stdout } = await slotkeeper(healthy.url);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ok: /);
  expect(stdout).not.toContain("\u001b");
});

test("a reference that is down: exit 1", async () => {
  expect((await slotkeeper(healthy.url, "--reference", "http://127.0.0.1:1")).status).toBe(1);
});

test("a dead node: exit 2, as JSON of the published shape", async () => {
  const { status, stdout } = await slotkeeper("http://127.0.0.1:1", "--json");
  expect(status).toBe(2);
  expect(checkJson.parse(JSON.parse(stdout)).verdict).toBe("bad");
});

test("one URL twice: asked once, and said so", async () => {
  const { status, stdout } = await slotkeeper(healthy.url, `${healthy.url}/`);
  expect(status).toBe(0);
  expect(stdout).toContain("named twice");
});

test("a hanging node does not hold the command up", async () => {
  const startedAt = performance.now();
  const { status } = await slotkeeper(hanging.url, "--timeout", "300ms");
  expect(status).toBe(2);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

describe("wrong usage exits 2 and says what to write", () => {
  test.each<[string[], RegExp]>([
    [[], /name at least one beacon node/],
    [["localhost:5052"], /write it like http:\/\/localhost:5052/],
    [["http://x", "--expect-keys", "5"], /needs --vc/],
    [["http://x", "--expect-keys", "many"], /whole number/],
    [["http://x", "--timeout", "never"], /such as 4s/],
    [["http://x", "--nonsense"], /unknown option/],
  ])("%j", async (args, message) => {
    const { status, stdout, stderr } = await slotkeeper(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
  });
});

test("a reader that goes away ends in no stack trace", async () => {
  for (const args of ["check --help", `check ${healthy.url} --json`]) {
    const { status, stderr } = await shell(`set -o pipefail; "${process.execPath}" "${main}" ${args} | true`);
    expect(stderr, args).toBe("");
    expect(status, args).toBe(0);
  }
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told, and is no success", async () => {
  const { status, stderr } = await shell(`"${process.execPath}" "${main}" check ${healthy.url} > /dev/full`);
  expect(stderr).toMatch(/^slotkeeper: write to standard output: ENOSPC[^\n]*\n$/);
  expect(status).toBe(1);
});

test("--help explains the exit status", async () => {
  const { status, stdout } = await slotkeeper("--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/Exit status[\s\S]*0 {2}everything[\s\S]*2 {2}at least one BAD/);
});
