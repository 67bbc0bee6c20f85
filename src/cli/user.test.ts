import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startApiUnderTest, token, type ApiUnderTest } from "../api/testing/api-under-test.ts";
import { runCommand } from "../app/testing/run-command.ts";

let folder: string;
let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApiUnderTest();
  folder = mkdtempSync(join(tmpdir(), "sk-user-cli-"));
  writeFileSync(join(folder, "token"), token);
  writeFileSync(join(folder, "password"), "four random words here\n");
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    'nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\ngroups: [{ name: main, listen: 127.0.0.1:0 }]\n' +
      `server: { listen: "127.0.0.1:${api.server.address.port}", apiToken: { file: token } }\n`,
  );
});
afterEach(async () => {
  await api.end();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const command = runCommand(folder, ...args);
  return { status: await command.ended, ...command.output() };
}

test("users are added, listed, changed and disabled, each named in the audit", async () => {
  expect((await run("user", "list")).stdout).toContain("slotkeeper user add NAME --role admin");
  const added = await run("user", "add", "alice", "--role", "responder", "--password-file", "password");
  expect(added).toMatchObject({ status: 0, stdout: "alice may log in as responder\n" });
  expect((await run("user", "role", "alice", "--role", "admin")).stdout).toBe("alice is admin\n");
  expect((await run("user", "list")).stdout).toMatch(/^name +role +since.*\nalice +admin +\d{4}-/);
  const last = await run("user", "disable", "alice");
  expect(last.status).toBe(1);
  expect(last.stderr).toContain("last admin");
  expect(api.audited.map(({ action }) => action)).toEqual([
    ...["user.add", "user.add", "user.role", "user.role", "user.disable", "user.disable"],
  ]);
});

test("a token is printed alone, so that it can be piped; the list does not show it", async () => {
  const { status, stdout, stderr } = await run("token", "add", "backup", "--days", "30");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^[\w-]{43}\n$/);
  expect(stderr).toContain("not shown again");
  const listed = (await run("token", "list", "--json")).stdout;
  expect(listed).not.toContain(stdout.trim());
  const { id } = (JSON.parse(listed) as { tokens: { id: string }[] }).tokens[0] ?? { id: "" };
  expect((await run("token", "remove", id)).stdout).toBe(`token ${id} is withdrawn\n`);
  expect((await run("token", "list")).stdout).toContain("no named token yet");
});

test("what is wrong is said: a weak password, a role that is none, a missing file", async () => {
  writeFileSync(join(folder, "password"), "short\n");
  const weak = await run("user", "add", "alice", "--password-file", "password");
  expect([weak.status, weak.stderr]).toEqual([1, expect.stringContaining("12 characters")]);
  expect((await run("user", "add", "alice", "--role", "king", "--password-file", "password")).status).toBe(2);
  const missing = await run("user", "add", "alice", "--password-file", "nowhere");
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining("read the password from nowhere")]);
  expect((await run("user", "list", "--config", "none.yaml")).status).toBe(3);
});
