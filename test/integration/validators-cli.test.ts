import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DutyExplanation, FleetPage, ValidatorsPage } from "../../src/api/contract-duties.ts";
import type { DutiesReport, EpochReport } from "../../src/app/duty-words/duties-text.ts";
import type { ShownValidator } from "../../src/app/duty-words/read-validators.ts";
import { runCommand } from "../../src/app/testing/run-command.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { SimChain } from "../../src/sim/chain/types.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startMonitor, type MonitorUnderTest } from "../support/monitor.ts";

const missing = 5;
const stranger = `0x${"ab".repeat(48)}`;

/** `slotkeeper duties` and `slotkeeper validators` against the real monitor over a simulated node. */
describe("commands that ask the monitor", () => {
  let chain: SimChain;
  let node: SimBeaconNode;
  let monitor: MonitorUnderTest;
  let epoch = 0;

  beforeAll(async () => {
    const slotDurationMs = 500;
    const genesisTimeMs = Math.floor(systemClock.now() / 1000) * 1000 - 40 * slotDurationMs;
    chain = createSimChain({
      ...{ seed: "validators-cli", genesisTimeMs, slotDurationMs, validators: 64 },
      duties: { attestation: (index) => (index === missing ? { attests: false } : undefined) },
    });
    node = await startSimBeaconNode({ chain, clock: systemClock, name: "bn1" });
    const rows = Array.from({ length: 16 }, (_, index) => `${index},${index % 2 === 0 ? "acme" : "bolt"}`);
    monitor = await startMonitor(
      [{ name: "bn1", url: node.url }],
      ["index,customer", ...rows, ""].join("\n"),
      `  - { name: crm, list: [3, "${stranger}"], labels: { customer: other } }\n  - { name: gone, text: nowhere.txt }\n`,
    );
    for (const end = performance.now() + 90_000; epoch === 0 && performance.now() < end; await sleep(200)) {
      const { report } = await ask<DutiesReport>("duties", "--json");
      epoch = (report.epochs.at(-3)?.epoch ?? 0) && (report.epochs.at(-1)?.epoch ?? 0);
    }
    if (epoch === 0) throw new Error(`nothing was judged:\n${monitor.log().slice(-2_000)}`);
  });
  afterAll(async () => {
    await monitor.stop();
    await node.stop();
  });

  async function run(...args: string[]) {
    const command = runCommand(monitor.folder, ...args);
    return { status: await command.ended, ...command.output() };
  }
  async function ask<T>(...args: string[]) {
    const answer = await run(...args);
    return { ...answer, report: JSON.parse(answer.stdout) as T };
  }

  it("duties: how far it came, each epoch beside the network, what was lost", async () => {
    const { status, stdout } = await run("duties");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Every duty is judged.*\n16 validators watched of 64; epoch \d+ runs/);
    expect(stdout).toMatch(/\n\d+ +(provisional|final) +16 +1 +93\.75 % +98\.44 %/);
    expect(stdout).toMatch(/\nnext duties\nwhen/);
  });

  it("duties --epoch: one stored epoch; one that is not stored ends with 2", async () => {
    const { status, report } = await ask<EpochReport>("duties", "--epoch", String(epoch), "--json");
    expect(status).toBe(1);
    expect(report.lost.map(({ validatorIndex, outcome }) => [validatorIndex, outcome])).toEqual([[missing, "missed"]]);
    const never = await run("duties", "--epoch", "900000");
    expect(never).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("nothing is stored") as string,
    });
  });

  it("list: by cohort and by search, with what each did lately", async () => {
    const { report } = await ask<ValidatorsPage>("validators", "list", "--cohort", "customer=acme", "--json");
    expect(report.items.map(({ index }) => index)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    const { stdout } = await run("validators", "list", "--search", String(missing), "--limit", "1");
    expect(stdout).toMatch(/\n5 +0x\w+…\w+ +active_ongoing +[\d.]+ +M+ +customer=bolt\n\n1 of 1\n/);
    expect((await run("validators", "list", "--search", "nobody-at-all")).stdout).toMatch(/^No validator of ours/);
  });

  it("show: by index and by key the same validator", async () => {
    const byIndex = await ask<ShownValidator>("validators", "show", "3", "--json");
    const byKey = await ask<ShownValidator>("validators", "show", chain.validators.pubkey(3), "--json");
    expect(byKey.report.validator.index).toBe(3);
    expect(byIndex.report.validator.conflicts).toHaveLength(1);
    expect((await run("validators", "show", "3")).stdout).toMatch(
      /CONFLICT +customer: bolt \(list\) against other \(crm\)/,
    );
  });

  it("why: outcome, cause and a proof that is the chain's", async () => {
    const why = ["validators", "why", String(missing), "--epoch", String(epoch)];
    const { report } = await ask<DutyExplanation>(...why, "--json");
    const { slot, committee, position } = report.proof!.duty!;
    const head = chain.headAt(slot);
    expect(chain.committees(head, epoch).members(slot % chain.slotsPerEpoch, committee)[position]).toBe(missing);
    const { status, stdout } = await run(...why);
    expect(status).toBe(0);
    expect(stdout).toContain("Its attestation is in no block of the chain.");
    expect(stdout).toMatch(/cause: .+ \([\w-]+\)[\s\S]*evidence/);
    expect(stdout).toContain(`duty: slot ${slot}, committee ${committee}, position ${position}`);
    expect(await run("validators", "why", "1", "--epoch", "900000")).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(
        /not known: this epoch is not stored[\s\S]*no proof: .*before this epoch/,
      ) as string,
    });
  });

  it("cohorts: each customer beside the network", async () => {
    const { stdout } = await run("validators", "cohorts", "--by", "customer", "--epochs", "3");
    expect(stdout).toMatch(/customer=bolt +8 +256 +87\.50 %/);
    expect(stdout).toMatch(/customer=acme +8 +256 +100\.00 %/);
    expect(stdout).toMatch(/everybody +64 +unknown +98\.44 %/);
  });

  it("sources: contradictions first, failed sources with their reason; exit 1", async () => {
    const { status, report } = await ask<FleetPage>("validators", "sources", "--json");
    expect(status).toBe(1);
    expect(report.sources.map(({ name, error }) => [name, error === undefined])).toEqual([
      ["list", true],
      ["crm", true],
      ["gone", false],
    ]);
    const { stdout } = await run("validators", "sources");
    expect(stdout).toMatch(/^CONFLICT: #?\w+: customer is bolt \(list\) and other \(crm\)\n/);
    expect(stdout).toMatch(/1 not known to the chain yet[\s\S]*gone +text +0 +never +FAILS: .*nowhere\.txt/);
  });

  it("next: proposals and sync periods to come", async () => {
    const { status, stdout } = await run("validators", "next", "--limit", "2");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Proposals are known up to epoch \d+\.\nwhen/);
  });

  it.each([
    [["show", "bob"], /write an index, or a whole key/],
    [["show", "500"], /validator 500: it is not in the inventory/],
    [["show", `0x${"cd".repeat(48)}`], /not in the inventory/],
    [["why", "5"], /--epoch/],
    [["why", "5", "--epoch", "soon"], /number of an epoch/],
    [["list", "--cohort", "=acme"], /write name=value/],
    [["list", "--limit", "none"], /whole number/],
  ])("validators %j ends with 2 and says what to write", async (args, message) => {
    const { status, stdout, stderr } = await run("validators", ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(stdout).toBe("");
  });
});
