import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { announceControl, controlCall, findControlSocket, serveControl } from "./control.ts";
import type { BeaconNode, Devnet, ExecutionMode } from "./devnet-types.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotkeeper-control-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One node that remembers what was done to it. */
function fakeDevnet(done: string[]): Devnet {
  const node = {
    name: "bn1",
    pid: 7,
    kill: async () => (done.push("kill"), { code: null, signal: "SIGKILL" }),
    restart: async ({ wipe = false } = {}) => void done.push(`restart wipe=${wipe}`),
    setExecution: (mode: ExecutionMode) => void done.push(mode),
  } as unknown as BeaconNode;
  return { runFolder: folder, nodes: [node], validatorClients: [], node: () => node } as unknown as Devnet;
}

it("carries commands and their answers over the socket", async () => {
  const done: string[] = [];
  const control = await serveControl(fakeDevnet(done));
  try {
    expect(await controlCall(control.socketPath, "kill bn1")).toBe("killed bn1 (pid 7)");
    await controlCall(control.socketPath, "restart bn1 wipe");
    await controlCall(control.socketPath, "el bn1 hang");
    expect(done).toEqual(["kill", "restart wipe=true", "hang"]);
    await expect(controlCall(control.socketPath, "kill bn9")).rejects.toThrow("No client bn9; there are bn1");
    await expect(controlCall(control.socketPath, "el bn1 sleepy")).rejects.toThrow("Usage: el NODE");
    await expect(controlCall(control.socketPath, "constructor")).rejects.toThrow(/No command constructor/);
  } finally {
    await control.close();
  }
});

it("says what to do when nothing listens", async () => {
  await expect(controlCall(join(folder, "none.sock"), "status")).rejects.toThrow(/npm run devnet/);
});

it("finds the only devnet that runs, and refuses to choose among several", () => {
  const [first, second] = [join(folder, "a", "control.sock"), join(folder, "b", "control.sock")];
  expect(() => findControlSocket(undefined, folder)).toThrow("No devnet runs here");
  const withdrawFirst = announceControl(first, folder);
  expect(findControlSocket(undefined, folder)).toBe(first);
  const withdrawSecond = announceControl(second, folder);
  expect(() => findControlSocket(undefined, folder)).toThrow(/Several devnets[\s\S]*--run .*a [\s\S]*--run .*b /);
  expect(findControlSocket(join(folder, "b"), folder)).toBe(second);
  withdrawFirst();
  expect(findControlSocket(undefined, folder)).toBe(second);
  withdrawSecond();
});

it("ignores what a devnet that was killed left behind", async () => {
  const left = { socketPath: join(folder, "control.sock"), pid: process.pid, startTicks: "1" };
  await writeFile(join(folder, "devnet-old.json"), JSON.stringify(left));
  expect(() => findControlSocket(undefined, folder)).toThrow("No devnet runs here");
});
