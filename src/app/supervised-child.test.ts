import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { bindListeners, type HeldListener } from "./bind-listeners.ts";
import { programOnDisk } from "./upgrade/program-on-disk.ts";
import { superviseChild, type SupervisedChild } from "./supervised-child.ts";

let listener: HeldListener;
let child: SupervisedChild;

beforeEach(async () => {
  [listener] = (await bindListeners([{ name: "api", what: "tests", host: "localhost", port: 0 }])) as [HeldListener];
});
afterEach(async () => {
  child.kill();
  await child.stop(0);
  listener.close();
});

function start(configPath = "none", silenceMs = 60_000): void {
  const entry = fileURLToPath(new URL("testing/role-stand-in.ts", import.meta.url));
  const parts = {
    clock: systemClock,
    random: () => 0,
    log: silentLogger,
    env: process.env,
    nodeFlags: [],
    silenceMs,
    program: programOnDisk(),
  };
  child = superviseChild({ role: "gateway", configPath, listeners: [listener], entry, ...parts });
}
const ask = async (path = "/") =>
  (await fetch(`http://127.0.0.1:${listener.port}${path}`, { headers: { connection: "close" } })).text();
const exists = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a child that is killed comes back on the same socket, and who connects meanwhile waits instead of being refused", async () => {
  start();
  expect(await child.firstReady).toBe(true);
  const first = Number(await ask());
  expect(first).toBe(child.pid());
  process.kill(first, "SIGKILL");
  while (child.pid() === first) await new Promise(setImmediate);
  expect(child.pid()).toBeUndefined();
  const second = Number(await ask());
  expect(second).not.toBe(first);
  expect(second).toBe(child.pid());
});

test("a child that ends by itself again and again is started each time", async () => {
  start();
  await child.firstReady;
  const pids = new Set<string>();
  for (const status of [0, 1, 3]) {
    pids.add(await ask());
    await ask(`/exit/${status}`).catch(() => undefined);
  }
  pids.add(await ask());
  expect(pids.size).toBe(4);
});

test.each([
  ["stopped by a signal", (pid: number) => process.kill(pid, "SIGSTOP")],
  ["stuck in a loop", () => void ask("/stuck").catch(() => undefined)],
])("a child %s is killed after its silence, and another one serves on the same socket", async (_how, hang) => {
  start("none", 1_200);
  await child.firstReady;
  const first = Number(await ask());
  hang(first);
  while (child.pid() === first) await new Promise(setImmediate);
  expect(exists(first)).toBe(false);
  expect(Number(await ask())).not.toBe(first);
});

test("a child that hangs while it is asked to stop is not waited for longer than its silence", async () => {
  start("none", 600);
  await child.firstReady;
  process.kill(child.pid() ?? 0, "SIGSTOP");
  expect(await child.stop(60_000)).toBe(false);
});

test("a first start that cannot succeed is told, not repeated", async () => {
  start("hopeless");
  expect(await child.firstReady).toBe(false);
  expect(child.pid()).toBeUndefined();
});

test("stopping lets the child end by itself, and it stays ended", async () => {
  start();
  await child.firstReady;
  const pid = child.pid() ?? 0;
  expect(await child.stop(5_000)).toBe(true);
  expect(exists(pid)).toBe(false);
  expect(child.pid()).toBeUndefined();
});

test("a child that does not listen is killed after its grace, and that is told", async () => {
  start();
  await child.firstReady;
  await ask("/deaf");
  expect(await child.stop(100)).toBe(false);
  expect(child.pid()).toBeUndefined();
});

test("an address that is taken is refused with words, and nothing stays bound", async () => {
  start();
  await child.firstReady;
  const taken = { name: "b", what: "group b", host: "127.0.0.1", port: listener.port };
  const free = { name: "a", what: "group a", host: "127.0.0.1", port: 0 };
  await expect(bindListeners([free, taken])).rejects.toThrow(/group b.*Another program uses this address/);
});
