import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { tellServiceManager } from "./tell-service-manager.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-notify-"));
  // Stands for systemd's program: it writes down what it was told to say, one line a call.
  writeFileSync(join(folder, "systemd-notify"), `#!/bin/sh\necho "$*" >> ${folder}/said\n`);
  chmodSync(join(folder, "systemd-notify"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const said = () =>
  existsSync(join(folder, "said")) ? readFileSync(join(folder, "said"), "utf8").trim().split("\n") : [];
const env = (more: Record<string, string> = {}) => ({
  PATH: `${folder}:/bin:/usr/bin`,
  NOTIFY_SOCKET: "/run/none",
  ...more,
});
const watchdog = { WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(process.pid) };

test("without a service manager there is nobody to tell", () => {
  expect(tellServiceManager(createFakeClock(), {})).toBeUndefined();
});

test("readiness and the stop are told", async () => {
  const service = tellServiceManager(createFakeClock(), env());
  service?.ready();
  await expect.poll(said).toEqual(["READY=1 STATUS=serving"]);
  service?.stopping();
  await expect.poll(said).toHaveLength(2);
  expect(said()[1]).toMatch(/^STOPPING=1/);
});

test("the watchdog is fed after the start is over, and only while all is fine", async () => {
  const clock = createFakeClock();
  let isFine = true;
  const service = tellServiceManager(clock, env(watchdog), () => isFine);
  await clock.advance(20_000);
  service?.ready();
  await expect.poll(said).toEqual(["READY=1 STATUS=serving"]);
  await clock.advance(10_000);
  await expect.poll(said).toEqual(["READY=1 STATUS=serving", "WATCHDOG=1"]);
  isFine = false;
  await clock.advance(60_000);
  service?.status("end");
  await expect.poll(said).toEqual(["READY=1 STATUS=serving", "WATCHDOG=1", "STATUS=end"]);
  service?.stop();
});

test("a watchdog that is set for another process is not ours to feed", async () => {
  const clock = createFakeClock();
  const service = tellServiceManager(clock, env({ ...watchdog, WATCHDOG_PID: "1" }));
  service?.ready();
  await expect.poll(said).toHaveLength(1);
  await clock.advance(60_000);
  service?.status("end");
  await expect.poll(said).toEqual(["READY=1 STATUS=serving", "STATUS=end"]);
});

test("where systemd's program is missing, nothing else suffers", async () => {
  const clock = createFakeClock();
  const service = tellServiceManager(clock, { ...env(watchdog), PATH: join(folder, "nowhere") });
  service?.ready();
  await clock.advance(60_000);
  expect(said()).toEqual([]);
});
