import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotkeeper-main-"));
});
afterAll(() => rm(folder, { recursive: true }));

function slotkeeper(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { cwd: folder }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test("--version prints the version alone", async () => {
  expect(await slotkeeper("--version")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  });
});

test("an unknown command exits 2 and offers the nearest one", async () => {
  const { status, stderr } = await slotkeeper("chek");
  expect(status).toBe(2);
  expect(stderr).toContain("Did you mean check?");
});

describe("a configuration that cannot be read exits 3, so that a service does not start again and again", () => {
  test.each(["up", "gateway", "monitor", "status"])("%s", async (command) => {
    const missing = await slotkeeper(command);
    expect(missing.status).toBe(3);
    expect(missing.stderr).toMatch(
      /^slotkeeper: read slotkeeper.yaml: there is no such file\. .*slotkeeper config init/,
    );
    expect((await slotkeeper(command, "--config", folder)).status).toBe(3);
  });
});
