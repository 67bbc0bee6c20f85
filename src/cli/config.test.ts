import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { registerConfig } from "./config.ts";

let folder: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sk-cli-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

async function run(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  const program = new Command().exitOverride();
  registerConfig(program);
  await program.parseAsync(["config", ...args], { from: "user" });
  return Number(process.exitCode ?? 0);
}

test("init writes a file, says what comes next, and validate accepts it", async () => {
  const file = join(folder, "slotkeeper.yaml");
  expect(await run("init", "--node", "http://10.0.0.1:5052", "--node", "10.0.0.2:5052", "--output", file)).toBe(0);
  expect(printed).toContain(`slotkeeper config validate ${file}`);
  expect(await run("validate", file)).toBe(0);
  expect(printed).toContain("default on http://127.0.0.1:7381: bn1, bn2");
});

test("init does not overwrite a file unless it is told to", async () => {
  const file = join(folder, "slotkeeper.yaml");
  await writeFile(file, "mine");
  await expect(run("init", "--output", file)).rejects.toMatchObject({ code: "file-exists" });
  expect(await readFile(file, "utf8")).toBe("mine");
  await run("init", "--output", file, "--force");
  expect(await readFile(file, "utf8")).toContain("nodes:");
});

test.each([
  [["--node", "--output"]],
  [["--node", ""]],
  [["--profile", "big"]],
  [["--from-haproxy", "/does/not/exist"]],
])("init refuses %j and writes nothing", async (args) => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const file = join(folder, "slotkeeper.yaml");
  await expect(run("init", "--output", file, ...args)).rejects.toThrow();
  await expect(readFile(file)).rejects.toMatchObject({ code: "ENOENT" });
});

test("validate lists every problem and ends with status 1", async () => {
  const file = join(folder, "bad.yaml");
  await writeFile(file, "nodes: []\nprofil: solo\n");
  expect(await run("validate", file)).toBe(1);
  expect(printed).toContain(`${file}:1:8: nodes: needs at least one node`);
  expect(printed).toContain(`${file}:2:1: profil: unknown key "profil". Did you mean "profile"?`);
});

test("validate --json tells machines the same, without secrets", async () => {
  const file = join(folder, "good.yaml");
  await writeFile(
    file,
    'nodes: [{ name: a, url: "http://a:1/0123456789abcdef01234567", headers: { Authorization: Bearer hunter2 } }]\n',
  );
  expect(await run("validate", file, "--json")).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({
    isValid: true,
    problems: [],
    warnings: [{ reason: "single-node-group" }],
    config: { nodes: [{ url: "http://a:1/***", headers: { Authorization: "***" } }] },
  });
  expect(printed).not.toContain("hunter2");
});

test("schema prints the JSON Schema", async () => {
  await run("schema");
  expect(JSON.parse(printed)).toMatchObject({ type: "object", required: ["nodes"], additionalProperties: false });
});
