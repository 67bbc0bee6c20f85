import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimGateway, type SimGateway } from "../app/testing/sim-gateway.ts";
import { runCommand } from "../app/testing/run-command.ts";

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

test("hold withholds, status says who and why, release ends it", async () => {
  const held = await slotkeeper("gateway", "hold", "--reason", "key 7 runs twice");
  expect(held).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^gateway\/main: signing inputs are held: .*\(audit of the gateway\)\n$/) as string,
  });
  expect((await sim.groupWhere(() => true)).hold).toMatchObject({ reason: "key 7 runs twice" });
  for (const command of [["status"], ["gateway", "status"]])
    expect((await slotkeeper(...command)).stdout).toMatch(
      /HELD by .* at the command line for \d+ s: key 7 runs twice\./,
    );
  const released = await slotkeeper("gateway", "release", "--group", "main");
  expect(released).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/released \(held by .*: key 7 runs twice\)/) as string,
  });
  expect((await sim.groupWhere(() => true)).hold).toBeUndefined();
  expect((await slotkeeper("gateway", "release")).stdout).toContain("was not held");
});

test("a hold without a reason, or of no group, is not a hold", async () => {
  expect((await slotkeeper("gateway", "hold")).status).toBe(2);
  expect((await slotkeeper("gateway", "hold", "--reason", " ")).status).toBe(2);
  expect(await slotkeeper("gateway", "hold", "--group", "nope", "--reason", "x")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no gateway has group nope") as string,
  });
  expect((await sim.groupWhere(() => true)).hold).toBeUndefined();
});

test("a watermark is asked to be reset, and where there is none it is said to be so", async () => {
  const reset = await slotkeeper("gateway", "watermark", "reset", "--json");
  expect(reset.status).toBe(0);
  expect(JSON.parse(reset.stdout)).toMatchObject({
    outcomes: [{ gateway: "gateway", group: "main", isDone: true, message: "there was no watermark" }],
  });
});

test("without a split there is nothing to list and nothing to choose", async () => {
  expect(await slotkeeper("gateway", "branches")).toMatchObject({
    status: 0,
    stdout: "gateway/main: the nodes do not disagree\n",
  });
  expect(await slotkeeper("gateway", "branch", "choose", "a")).toMatchObject({
    status: 1,
    stdout: "gateway/main: not done: the nodes of this group do not disagree, nothing to choose\n",
  });
});

test("in a split a person chooses the branch by a node on it, and signing inputs are served again", async () => {
  sim.node("b").setFault({ kind: "split" });
  await sim.groupWhere(({ view, branches = [] }) => view.kind === "split" && branches.length === 2);
  const listed = await slotkeeper("gateway", "branches");
  expect(listed.stdout).toMatch(/^gateway\/main: split into 2 branches\n {2}0x[0-9a-f]{64} at slot /);
  expect((await slotkeeper("gateway", "branch", "choose", "nope")).stdout).toContain("no branch is named nope");
  const chosen = await slotkeeper("gateway", "branch", "choose", "a");
  expect(chosen).toMatchObject({ status: 0, stdout: expect.stringContaining("serves the branch 0x") as string });
  const group = await sim.groupWhere(({ view }) => view.signingInputs.length > 0);
  expect(group.view.signingInputs).toEqual(["a"]);
  expect(group.chosenBranch?.by).toContain("at the command line");
  expect((await slotkeeper("gateway", "status")).stdout).toMatch(/SPLIT into 2 branches, .* chose 0x/);
});

test("--config is understood before and after the subcommand", async () => {
  const path = `${sim.folder}/slotkeeper.yaml`;
  for (const args of [
    ["gateway", "--config", path, "branches"],
    ["gateway", "branches", "--config", path],
  ]) {
    const command = runCommand("/", ...args);
    expect([await command.ended, command.output().stderr]).toEqual([0, ""]);
  }
});

test.each([["hold"], ["watermark", "reset"], ["branches"], ["branch", "choose"], ["status"]])(
  "gateway %s --help gives an example",
  async (...command) => {
    const { status, stdout } = await slotkeeper("gateway", ...command, "--help");
    expect(status).toBe(0);
    expect(stdout).toContain("slotkeeper gateway ");
    expect(stdout).toMatch(/Examples?:/);
  },
);
