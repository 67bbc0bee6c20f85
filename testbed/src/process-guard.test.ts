import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isSameProcess, parseStartTicks, readStartTicks } from "./process-identity.ts";
import { waitUntil } from "./wait.ts";

const guardModule = new URL("./process-guard.ts", import.meta.url).href;

/** A parent that starts a guard and a sleeping child, freezes the child and prints its pid. */
const parentSource = `
  import { spawn } from "node:child_process";
  const { startProcessGuard } = await import(${JSON.stringify(guardModule)});
  const guard = startProcessGuard(null);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  guard.watch(child.pid);
  child.kill("SIGSTOP");
  console.log(child.pid + " " + guard.pid);
`;

it("kills a frozen child when its parent is killed, and ends itself", async () => {
  const parent = spawn(process.execPath, ["--input-type=module", "-e", parentSource], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pids = line.toString("utf8").trim().split(" ").map(Number);
  const identities = pids.map((pid) => ({ pid, startTicks: readStartTicks(pid) ?? "gone" }));
  expect(identities.every(isSameProcess)).toBe(true);

  parent.kill("SIGKILL");

  await waitUntil("both to be gone", () => (identities.some(isSameProcess) ? null : true), {
    timeoutMs: 10_000,
    everyMs: 20,
  });
});

it("takes a pid with another start time for another process", () => {
  const startTicks = readStartTicks(process.pid) ?? "";
  expect(isSameProcess({ pid: process.pid, startTicks })).toBe(true);
  expect(isSameProcess({ pid: process.pid, startTicks: `${startTicks}0` })).toBe(false);
});

it("reads the start time behind a command name with spaces and brackets; a zombie has none", () => {
  const fields = Array.from({ length: 30 }, (_, i) => String(i + 4));
  expect(parseStartTicks(`12 (a b) c) S ${fields.join(" ")}`)).toBe("22");
  expect(parseStartTicks(`12 (a) Z ${fields.join(" ")}`)).toBeNull();
});
