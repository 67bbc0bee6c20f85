import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditReport } from "../src/app/duty-audit/audit-report.ts";
import { runCommand } from "../src/app/testing/run-command.ts";
import { startFakeServer, type FakeServer } from "../src/check/fake-servers.ts";
import { dutyBits } from "../src/duties/types.ts";
import { systemClock } from "../src/lib/clock.ts";
import type { SimChain } from "../src/sim/chain/types.ts";
import { createSimChain } from "../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../src/sim/start-sim-beacon-node.ts";
import { requireProgram } from "./require-program.ts";

const slotDurationMs = 60_000;
const validators = 64;
const missing = 5;
let folder: string;
let chain: SimChain;
let node: SimBeaconNode;
let garbage: FakeServer;

/** Epoch 10 has just begun: no other one begins while the tests run. Validator 5 attests never, everybody else always. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sk-duties-cli-"));
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 80.5 * slotDurationMs;
  chain = createSimChain({
    ...{ seed: "duties-cli", slotDurationMs, genesisTimeMs, validators },
    duties: { attestation: (index) => (index === missing ? { attests: false } : undefined) },
  });
  node = await startSimBeaconNode({ chain, clock: systemClock, name: "bn1", quirks: { keptStateEpochs: 5 } });
  garbage = await startFakeServer((_request, response) => response.end('{"data":{"SLOTS_PER_EPOCH":"<html>"}}'));
});
afterAll(async () => {
  await node.stop();
  await garbage.close();
  rmSync(folder, { recursive: true });
});

async function duties(...args: string[]) {
  const command = runCommand(folder, "duties", ...args);
  return { status: await command.ended, ...command.output() };
}
const shell = async (command: string) =>
  (await promisify(execFile)("bash", ["-c", `set -o pipefail; ${command}`])).stdout.trim();
const atNode = (...args: string[]) => duties("--beacon", node.url, ...args);
const reportOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as AuditReport;

test("the newest judged epoch of everybody: the one who missed is named with its seat; exit 1", async () => {
  const { status, stdout, stderr } = await atNode();
  expect(stdout).toMatch(/^Epoch 8: 1 duty of everybody was lost or not perfect\.\n/);
  expect(stdout).toMatch(/\n5 +\d+ +\d +\d +attestation +missed/);
  expect(stderr).toBe("");
  expect(status).toBe(1);
});

test("those who did everything: exit 0, beside the network's baseline", async () => {
  const answer = await atNode("--epoch", "6", "--validators", `0-4,${chain.validators.pubkey(6)}`, "--json");
  expect(answer.status).toBe(0);
  const { ours, network, lost, state, scope } = reportOf(answer);
  expect({ state, scope, lost }).toEqual({ state: "final", scope: "named", lost: 0 });
  expect([ours.assigned, ours.included]).toEqual([6, 6]);
  expect([network.assigned, network.included]).toEqual([validators, validators - 1]);
});

test("a proof names what the chain itself says, and the one of a miss every block that was looked at", async () => {
  const { proofs } = reportOf(await atNode("--validators", "4,5", "--proof", "--json"));
  const [hit, miss] = proofs;
  const { slot, committee, position } = hit!.duty!;
  expect(chain.committees(chain.headAt(slot), 8).members(slot % 8, committee)[position]).toBe(4);
  expect(hit!.inclusions[0]).toMatchObject({ blockSlot: slot + 1, blockRoot: chain.blockAt(slot + 1)!.root, delay: 1 });
  expect(miss!.duties).toBe(dutyBits.assigned);
  expect(miss!.inclusions).toEqual([]);
  expect(miss!.examined.map(({ root }) => root)).toEqual(miss!.examined.map((one) => chain.blockAt(one.slot)?.root));
  expect(miss!.examined.at(-1)!.slot).toBe(79);
});

const hasTools = ["curl", "jq"].every((name) => requireProgram({ name, install: `apt install ${name}` }));

test.skipIf(!hasTools)("the commands that a proof prints find the same with curl and jq alone", async () => {
  const { stdout } = await atNode("--epoch", "8", "--validators", "4,6", "--proof");
  const commands = stdout.match(/^ +curl .*$/gm) ?? [];
  const answers = await Promise.all(commands.map((command) => shell(command.trim())));
  expect(answers.map((answer) => answer.split("\n").at(-1))).toEqual(['"4"', "1", '"6"', "1"]);
  expect(answers[1]).toContain(
    chain.headAt(reportOf(await atNode("--validators", "4", "--proof", "--json")).proofs[0]!.duty!.slot).root,
  );
});

test("committees are read from a state of the epoch itself: many nodes do not tell old ones from their head", async () => {
  node.clearReceived();
  await atNode("--epoch", "6", "--validators", "1");
  const asked = node.received().filter(({ path }) => path.endsWith("/committees"));
  expect(asked.map(({ path }) => path)).toEqual(["/eth/v1/beacon/states/55/committees"]);
});

test("a validator that the chain does not know is said plainly, and is no success", async () => {
  const { status, stdout } = await atNode("--validators", "1,4000");
  expect(stdout).toContain("NOT KNOWN to the chain: 4000");
  expect(status).toBe(1);
});

describe("what cannot be audited ends with 2, says what to do, and prints nothing", () => {
  test.each<[string, string[], RegExp]>([
    [
      "an epoch that has not come",
      ["--epoch", "11"],
      /epoch 11: it lies in the future, the chain is in epoch 10.*8 \(epoch-not-there\)/,
    ],
    ["a state that the node let go", ["--epoch", "1"], /epoch 1: .* any more.*name an archive node.*\(state-pruned\)/],
    ["no epoch", ["--epoch", "one"], /number of an epoch/],
    ["a negative epoch", ["--epoch=-1"], /number of an epoch/],
    ["nobody known", ["--validators", "4000"], /knows none of them \(4000\).*\(unknown-validators\)/],
    ["no validator", ["--validators", "bob"], /"bob" is neither an index/],
    ["no validator at all", ["--validators", ""], /name indices/],
    ["a limit of nothing", ["--limit", "0"], /whole number from 1/],
    ["the monitor's option", ["--epochs", "3"], /--epochs asks the monitor/],
  ])("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await atNode(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });

  test.each<[string, () => string, RegExp]>([
    ["no URL", () => "localhost:5052", /Write http:\/\/localhost:5052/],
    ["the API's own path", () => `${node.url}/eth/v1`, /routes are appended/],
    ["nobody there", () => "http://127.0.0.1:1", /connection refused.*Check the address/],
    ["something else there", () => garbage.url, /Check the address/],
  ])("a beacon node that is %s", async (_, url, message) => {
    const { status, stdout, stderr } = await duties("--beacon", url());
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });
});

test("without --beacon and without a configuration: exit 3, and both ways out are named", async () => {
  const { status, stderr } = await duties();
  expect(status).toBe(3);
  expect(stderr).toMatch(/slotkeeper duties --beacon URL[\s\S]*slotkeeper config init/);
});

test.each([
  [["--validators", "1"], /slotkeeper validators show ID/],
  [["--proof"], /slotkeeper validators why ID --epoch N/],
])("%j without --beacon names the command that does it", async (args, message) => {
  const { status, stderr } = await duties(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test("a monitor that does not run: exit 2, and what to do instead", async () => {
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    'nodes: [{ name: bn1, url: "http://127.0.0.1:9" }]\ngroups: [{ name: main, listen: 127.0.0.1:0 }]\nserver: { listen: 127.0.0.1:1 }\n',
  );
  const { status, stderr } = await duties();
  expect(stderr).toMatch(/nobody answers there. Start it with `slotkeeper up`.*slotkeeper duties --beacon URL/);
  expect(status).toBe(2);
});
