import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimGateway, type SimGateway } from "../app/testing/sim-gateway.ts";
import { runCommand } from "../app/testing/run-command.ts";
import type { Outcome } from "../app/tell-gateways.ts";

let sim: SimGateway;
beforeEach(async () => {
  sim = await startSimGateway(["a", "b"]);
});
afterEach(() => sim.stop());

async function slotkeeper(...args: string[]) {
  const command = runCommand(sim.folder, ...args);
  const status = await command.ended;
  return { status, ...command.output() };
}
const operatorOf = async (name: string) =>
  (await sim.groupWhere(() => true)).nodes.find(({ node }) => node === name)?.operator;
const outcomesOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as { outcomes: Outcome[] }).outcomes;
/** One that nobody serves, beside the gateway of this test. */
const addLostGateway = () =>
  appendFileSync(
    join(sim.folder, "slotkeeper.yaml"),
    `monitor: { gateways: [{ name: gateway, socket: ${join(sim.folder, "data", "gateway.sock")} }, { name: other, socket: ${join(sim.folder, "none.sock")} }] }\n`,
  );

test("drain --wait ends when the node may be stopped, and return --wait when it serves again", async () => {
  const drained = await slotkeeper("node", "drain", "a", "--wait");
  expect(drained).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/a is drained and may be stopped\n$/) as string,
  });
  expect(await operatorOf("a")).toBe("maintenance");
  const back = await slotkeeper("node", "return", "a", "--wait", "--json");
  expect(back.status).toBe(0);
  expect(outcomesOf(back)).toEqual([{ gateway: "gateway", group: "main", isDone: true, message: "a serves again" }]);
  expect((await sim.groupWhere(() => true)).view.ready).toContain("a");
});

test("drain --wait shows what it waits for; Ctrl-C leaves the drain going and says so", async () => {
  expect((await slotkeeper("node", "cordon", "b")).stdout).toBe("gateway/main: b is cordoned (audit of the gateway)\n");
  const command = runCommand(sim.folder, "node", "drain", "a", "--wait");
  await command.says(
    /gateway\/main: a waits for: no other beacon node of the group is ready; a serves on until one is/,
  );
  command.process.kill("SIGINT");
  expect(await command.ended).toBe(130);
  expect(command.output().stderr).toContain("The drain goes on; call it off with: slotkeeper node uncordon a");
  expect(await operatorOf("a")).toBe("draining");
});

test("a drain that somebody calls off is a failure for the one who waits", async () => {
  await slotkeeper("node", "cordon", "b");
  const command = runCommand(sim.folder, "node", "drain", "a", "--wait");
  await command.says(/a waits for/);
  await sim.control.setOperatorState("main", "a", "cordoned", "bob");
  expect(await command.ended).toBe(1);
  expect(command.output().stdout).toContain("the drain of a was called off: it is cordoned");
});

test("a cordon of the last ready node is done, and says what it costs", async () => {
  await slotkeeper("node", "cordon", "b");
  const last = await slotkeeper("node", "cordon", "a");
  expect(last).toMatchObject({ status: 0, stdout: expect.stringContaining("NO OTHER NODE IS READY") as string });
});

test("--force takes the last ready node", async () => {
  await slotkeeper("node", "cordon", "b");
  expect((await slotkeeper("node", "drain", "a", "--wait", "--force")).status).toBe(0);
  expect(await operatorOf("a")).toBe("maintenance");
});

test("a node, group or gateway that does not exist is named, with what exists: exit 1", async () => {
  expect(await slotkeeper("node", "cordon", "nope")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("cordon nope: no gateway has such a node. `slotkeeper status` shows") as string,
  });
  expect((await slotkeeper("node", "cordon", "a", "--group", "nope")).status).toBe(1);
  expect(await slotkeeper("node", "cordon", "a", "--gateway", "nope")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("names no such gateway under monitor.gateways; it names gateway") as string,
  });
  expect(await operatorOf("a")).toBe("active");
});

test("a gateway that cannot be reached is said plainly, the others are told all the same: exit 1", async () => {
  addLostGateway();
  const cordoned = await slotkeeper("node", "cordon", "a");
  expect(cordoned.status).toBe(1);
  expect(cordoned.stdout).toMatch(
    /^gateway\/main: a is cordoned \(audit of the gateway\)\nother: not told: .*none\.sock.*\nOnly part of it was done/,
  );
  expect(await operatorOf("a")).toBe("cordoned");
  const drained = await slotkeeper("node", "drain", "a", "--wait");
  expect(drained).toMatchObject({ status: 1, stderr: "Not waiting, because not every gateway was told.\n" });
  expect((await slotkeeper("node", "uncordon", "a", "--gateway", "gateway")).status).toBe(0);
});

test("status shows a drain and what it waits for", async () => {
  await slotkeeper("node", "cordon", "b");
  await slotkeeper("node", "drain", "a");
  const { stdout } = await slotkeeper("status");
  expect(stdout).toMatch(
    /a draining, waits for: no other beacon node of the group is ready; .* \(.* at the command line, \d+ s ago\)/,
  );
});
