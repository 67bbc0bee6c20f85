import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataFolder } from "./lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a second monitor on the same data is refused by the name of the first, until that leaves", () => {
  const first = lockDataFolder(folder, 4711);
  expect(() => lockDataFolder(folder, 4712)).toThrow(/process 4711/);
  first.release();
  lockDataFolder(folder, 4712).release();
});

test("the lock of a killed process is free at once", async () => {
  const module = new URL("lock.ts", import.meta.url).href;
  const script = `import { lockDataFolder } from ${JSON.stringify(module)}; lockDataFolder(${JSON.stringify(folder)}, process.pid); process.send("held"); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(holder, "message");
  expect(() => lockDataFolder(folder, 1)).toThrow(`process ${holder.pid}`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  lockDataFolder(folder, 1).release();
});
