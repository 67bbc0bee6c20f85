import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../../lib/fake-clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { bindListeners, type HeldListener } from "../bind-listeners.ts";
import type { RoleLaunch } from "../spawn-role.ts";
import { superviseChild, type SupervisedChild } from "../supervised-child.ts";
import { programOnDisk } from "./program-on-disk.ts";
import { runUpgrade } from "./run-upgrade.ts";

interface Said {
  pid: number;
  heard: string[];
  config: string;
}

let listener: HeldListener;
let child: SupervisedChild;
let launch: RoleLaunch;
let stop: AbortController;

beforeEach(async () => {
  [listener] = (await bindListeners([{ name: "group:main", what: "tests", host: "localhost", port: 0 }])) as [
    HeldListener,
  ];
  const entry = fileURLToPath(new URL("../testing/gateway-stand-in.ts", import.meta.url));
  launch = {
    ...{ role: "gateway", configPath: "old", listeners: [listener], nodeFlags: [], env: process.env, entry },
    program: programOnDisk(),
  };
  stop = new AbortController();
  child = superviseChild({ ...launch, clock: systemClock, random: () => 0, log: silentLogger, silenceMs: 60_000 });
  await child.firstReady;
});
afterEach(async () => {
  child.kill();
  await child.stop(0);
  listener.close();
});

async function ask(path = "/"): Promise<Said> {
  return (await (await fetch(`http://127.0.0.1:${listener.port}${path}`)).json()) as Said;
}

function upgrade(fault = "", clock = systemClock, progress: (line: string) => void = () => undefined) {
  const next = { ...launch, configPath: "new", env: { ...process.env, STAND_IN_FAULT: fault } };
  return runUpgrade({
    ...{ child, launch: next, clock, progress },
    log: silentLogger,
    signal: stop.signal,
    leaveMs: 60_000,
  });
}

test("the new process serves on the same socket, is supervised, and hears when the old one has gone", async () => {
  const before = await ask();
  expect(before.config).toBe("old");
  const { left, leaving } = await upgrade();
  expect(leaving?.pid).toBe(before.pid);
  await left;
  expect(leaving?.exitCode).toBe(0);
  await expect.poll(async () => (await ask()).heard).toEqual(["take-over", "leftovers"]);
  expect(await ask()).toMatchObject({ pid: child.pid(), config: "new" });
});

test("a crash after an upgrade starts the new program, not the old one", async () => {
  await (
    await upgrade()
  ).left;
  const { pid } = await ask();
  process.kill(pid, "SIGKILL");
  while (child.pid() === pid) await new Promise(setImmediate);
  expect(await ask()).toMatchObject({ config: "new", heard: [] });
});

test.each([
  ["ends-at-once", /wait until the new gateway could serve: the process ended \(status 1\)/, ["prepare", "resume"]],
  ["cold", /group main is none here/, ["prepare", "resume"]],
  ["ends-taking-over", /have the new gateway accept connections: the process ended/, ["prepare", "give-up", "resume"]],
  ["cannot-open", /open control socket: taken/, ["prepare", "give-up", "resume"]],
])("where the new process fails (%s), the old one takes everything back and serves on", async (fault, why, heard) => {
  const before = await ask();
  await expect(upgrade(fault)).rejects.toThrow(why);
  await expect.poll(async () => (await ask()).heard).toEqual(heard);
  expect(await ask()).toMatchObject({ pid: before.pid, config: "old" });
});

test("a new process that says nothing is not waited for without end", async () => {
  const clock = createFakeClock();
  const started = Promise.withResolvers<void>();
  const outcome = upgrade("mute", clock, () => started.resolve());
  const refused = expect(outcome).rejects.toThrow(/no answer within 60 s/);
  await started.promise;
  await clock.advance(60_000);
  await refused;
  expect((await ask()).config).toBe("old");
});

test("being told to stop ends an upgrade, and the old process is still there to be stopped", async () => {
  const started = Promise.withResolvers<void>();
  const outcome = upgrade("mute", systemClock, () => started.resolve());
  const refused = expect(outcome).rejects.toThrow(/told to stop/);
  await started.promise;
  stop.abort();
  await refused;
  expect(await child.stop(60_000)).toBe(true);
});

test("an old process that does not leave is killed", async () => {
  const clock = createFakeClock();
  await ask("/stay");
  const { left, leaving } = await upgrade("", clock);
  await clock.advance(60_000);
  await left;
  expect(leaving?.signalCode).toBe("SIGKILL");
});

test("with no process that serves, the new program is started in its place", async () => {
  const { pid } = await ask();
  process.kill(pid, "SIGKILL");
  while (child.pid() === pid) await new Promise(setImmediate);
  const said: string[] = [];
  await (
    await upgrade("", systemClock, (line) => said.push(line))
  ).left;
  expect(said[0]).toContain("no gateway serves at the moment");
  expect(await ask()).toMatchObject({ pid: child.pid(), config: "new", heard: [] });
});
