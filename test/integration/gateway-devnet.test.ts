import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/api/contract.ts";
import type { UpstreamStatus } from "../../src/upstream/types.ts";
import { startDevnet, type Devnet } from "../../testbed/src/devnet.ts";
import { startDutyRecorder, type DutyRecorder } from "../../testbed/src/duty-recorder.ts";
import { judge } from "../../testbed/src/judge.ts";
import { waitForSynced } from "../../testbed/src/wait.ts";
import { chromiumPath } from "../browser/browser.ts";
import { failedRequests, startShim, type Shim } from "../support/shim.ts";
import { startUnderTest, type SlotkeeperUnderTest } from "../support/slotkeeper.ts";
import { tellStory } from "./devnet-story.ts";

const root = join(import.meta.dirname, "..", "..");
/** 48 validators behind the gateway; 16 on a node of their own: a machine that is too slow shows in both. */
const groups = { kept: range(0, 47), control: range(48, 63) };

describe("a real validator client behind the gateway, three real beacon nodes", () => {
  let devnet: Devnet;
  let slotkeeper: SlotkeeperUnderTest;
  let shim: Shim;
  let recorder: DutyRecorder;

  beforeAll(async () => {
    devnet = await startDevnet({ genesisDelaySeconds: 15 });
    slotkeeper = await startUnderTest("up", [
      { ...node("bn1"), priority: 0 },
      { ...node("bn2"), priority: 1 },
    ]);
    shim = await startShim(slotkeeper.gatewayUrl);
    devnet.startValidatorClient({
      name: "kept",
      firstIndex: 0,
      lastIndex: 47,
      beaconNodeUrls: [shim.url],
      feeRecipient,
    });
    devnet.startValidatorClient({
      name: "control",
      firstIndex: 48,
      lastIndex: 63,
      beaconNodeUrls: [devnet.node("bn3").url],
    });
    recorder = await startDutyRecorder(devnet.node("bn3").url);
    await untilSlot(devnet.slotsPerEpoch);
  });

  afterAll(async () => {
    await recorder?.stop();
    await shim?.stop();
    await slotkeeper?.stop();
    await devnet?.stop();
  });

  it("attests, proposes and does sync duties on one URL, and the page's data says that all is well", async () => {
    const from = devnet.currentSlot() + 1;
    await untilSlot(from + 8);
    expect((await snapshot()).state.level).toBe("fine");
    await expectDutiesKept(from, from + 7, Date.now() - 8 * devnet.slotDurationMs);
  });

  it("loses no duty when the serving node is killed; the page says so, and the node comes back", async () => {
    await untilServedBy("bn1");
    const from = devnet.currentSlot() + 1;
    await untilSlot(from, 0.4);
    const killedAt = Date.now();
    await devnet.node("bn1").kill();
    await untilNode("bn1", ({ health }) => health === "down" || health === "suspect");
    await untilSlot(from + 8);
    expect((await snapshot()).state.level).toBe("warning");
    await devnet.node("bn1").restart();
    await waitForSynced(devnet, devnet.node("bn1"), { timeoutMs: 60_000 });
    await untilNode("bn1", ({ health }) => health === "ready" || health === "warming");
    await expectDutiesKept(from, from + 7, killedAt);
  });

  it("answers every request while the serving node hangs with its sockets open", async () => {
    const serving = await servingNode();
    const from = devnet.currentSlot() + 1;
    await untilSlot(from, 0.4);
    const frozenAt = Date.now();
    devnet.node(serving).freeze();
    await untilNode(serving, ({ health }) => health === "down" || health === "suspect");
    await untilSlot(from + 4);
    devnet.node(serving).thaw();
    await untilNode(serving, ({ health }) => health === "ready" || health === "warming");
    expect(failedRequests(since(frozenAt))).toEqual([]);
  });

  it("takes a node whose execution client is away out of service, and says why", async () => {
    const serving = await servingNode();
    devnet.node(serving).setExecution("syncing");
    try {
      await untilNode(
        serving,
        ({ health, isOptimistic }) => health !== "ready" && health !== "warming" && isOptimistic === true,
      );
    } finally {
      devnet.node(serving).setExecution("valid");
    }
    await untilNode(serving, ({ health }) => health === "ready" || health === "warming");
  });

  it("serves on when the gateway process is killed: its socket waits for the next one", async () => {
    const before = await gatewayPid();
    process.kill(before, "SIGKILL");
    const answer = await fetch(`${slotkeeper.gatewayUrl}/eth/v1/node/version`, { signal: AbortSignal.timeout(10_000) });
    expect(answer.status).toBe(200);
    await until(async () => (await gatewayPid().catch(() => before)) !== before);
  });

  it("`slotkeeper check` is right about healthy nodes and about a dead one", async () => {
    const urls = devnet.nodes.map(({ url }) => url);
    const healthy = await check([...urls, "--expect-keys", "0"].slice(0, urls.length));
    expect({ status: healthy.status, bad: healthy.bad }).toEqual({ status: 0, bad: [] });
    const dead = await check([...urls, "http://127.0.0.1:1"]);
    expect(dead.status).toBe(2);
    expect(dead.bad.join()).toContain("127.0.0.1:1");
  });

  it.skipIf(chromiumPath === undefined)(
    "a frozen node pages whoever is on call, who acknowledges by the link, reads the assessment, drains it and resolves",
    () => tellStory(devnet, "bn1"),
  );

  const feeRecipient = "0x00000000000000000000000000000000000000aa";

  function node(name: string): { name: string; url: string } {
    return { name, url: devnet.node(name).url };
  }

  async function untilSlot(slot: number, part = 0): Promise<void> {
    await sleep(Math.max(0, devnet.slotStartMs(slot + part) - Date.now()));
  }

  async function snapshot(): Promise<Snapshot> {
    return (await (await fetch(`${slotkeeper.pageUrl}/api/v1/snapshot`)).json()) as Snapshot;
  }

  async function gatewayPid(): Promise<number> {
    const pid = (await snapshot()).gateways[0]?.status?.process.pid;
    if (pid === undefined) throw new Error("the monitor has no gateway");
    return pid;
  }

  async function servingNode(): Promise<string> {
    let serving: string | undefined;
    await until(async () => (serving = (await snapshot()).gateways[0]?.status?.groups[0]?.view.ready[0]) !== undefined);
    return serving ?? "";
  }

  const untilServedBy = (name: string): Promise<number> => until(async () => (await servingNode()) === name);

  function untilNode(name: string, holds: (status: UpstreamStatus) => boolean): Promise<number> {
    return until(async () => {
      const status = (await snapshot()).gateways[0]?.status?.groups[0]?.nodes.find((one) => one.node === name);
      return status !== undefined && holds(status);
    });
  }

  const since = (at: number) => shim.seen.filter(({ endedAt }) => endedAt >= at);

  /** No request failed, and the chain has every duty; where the machine made the control group miss, only the first is told. */
  async function expectDutiesKept(fromSlot: number, toSlot: number, from: number): Promise<void> {
    await untilSlot(toSlot + devnet.slotsPerEpoch + 1);
    expect(failedRequests(since(from))).toEqual([]);
    const report = await judge({
      url: devnet.node("bn3").url,
      fromSlot,
      toSlot,
      duties: recorder.record,
      groups,
      feeRecipients: { kept: feeRecipient },
    });
    const { kept, control } = report.groups;
    expect(kept?.attestations.expected).toBeGreaterThan(40);
    expect(kept?.wrongFeeRecipient).toEqual([]);
    if (control && control.attestations.missed + control.sync.missed + control.proposals.missed > 0) return;
    expect({
      attestations: kept?.attestations.missedBy,
      sync: kept?.sync.missedBy,
      proposals: kept?.proposals.missedBy,
    }).toEqual({
      attestations: [],
      sync: [],
      proposals: [],
    });
  }
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Milliseconds until the condition held; fails after 90 s. */
async function until(condition: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 90_000) {
    if (await condition()) return performance.now() - startedAt;
    await sleep(50);
  }
  throw new Error("the condition did not come to hold within 90 s");
}

function check(args: readonly string[]): Promise<{ status: number; bad: string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, "src", "cli", "main.ts"), "check", ...args, "--json"], (error, stdout) => {
      const report = JSON.parse(stdout) as { answers: { verdict: string; subject: unknown; detail: string }[] };
      const bad = report.answers.filter(({ verdict }) => verdict === "bad").map((answer) => JSON.stringify(answer));
      resolve({ status: error === null ? 0 : Number(error.code), bad });
    });
  });
}
