import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLogTail } from "./log-tail.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotkeeper-log-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test("reads a small log whole", async () => {
  const tail = await readLogTail(await write("small", "one\ntwo\n"));
  expect(tail).toMatchObject({ ok: true, lines: ["one", "two"], isWhole: true });
});

test("reads only the end of a large one, from a whole line on", async () => {
  const path = await write("large", `${"a".repeat(90)}\nlast but one\nlast\n`);
  expect(await readLogTail(path, { maxBytes: 30, maxLineLength: 100 })).toMatchObject({
    lines: ["last but one", "last"],
    isWhole: false,
  });
});

test("cuts endless lines", async () => {
  const tail = await readLogTail(await write("long", "x".repeat(5000)), { maxBytes: 10_000, maxLineLength: 100 });
  expect(tail.ok && tail.lines.map((line) => line.length)).toEqual([100]);
});

test.each([
  ["compressed", gzipSync("a log")],
  ["binary", Buffer.alloc(1000)],
  ["binary", Buffer.from(Array.from({ length: 1000 }, (_, index) => 128 + (index % 64)))],
])("refuses a %s file with a word", async (kind, content) => {
  expect(await readLogTail(await write(kind, content))).toMatchObject({ ok: false, kind });
});

test("says what is wrong with what is no file", async () => {
  expect(await readLogTail(join(folder, "none"))).toMatchObject({ ok: false, kind: "missing" });
  expect(await readLogTail(folder)).toMatchObject({ ok: false, kind: "not-a-file" });
  expect(await readLogTail("/dev/zero")).toMatchObject({ ok: false, kind: "not-a-file" });
});

test("an empty log has no lines", async () => {
  expect(await readLogTail(await write("empty", ""))).toMatchObject({ ok: true, lines: [] });
});
