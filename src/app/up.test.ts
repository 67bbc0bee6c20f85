import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { verifyAudit, auditHash } from "../access/audit.ts";
import type { Snapshot } from "../api/contract.ts";
import { systemClock } from "../lib/clock.ts";
import { createSimChain } from "../sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../sim/start-sim-beacon-node.ts";
import { columnCodec } from "../duties/columns/column-codec.ts";
import { openSqliteStore } from "../store/store.ts";
import { readApiToken } from "../access/api-token.ts";
import { runCommand, whenGone, type RunningCommand } from "./testing/run-command.ts";

let nodes: SimBeaconNode[];
let folder: string;
let up: RunningCommand;
const data = () => join(folder, "data");

beforeAll(async () => {
  const slotDurationMs = 2_000;
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 400 * slotDurationMs;
  const chain = createSimChain({ seed: "up", preset: "minimal", slotDurationMs, genesisTimeMs, validators: 64 });
  const clock = systemClock;
  nodes = await Promise.all(["bn1", "bn2"].map((name) => startSimBeaconNode({ chain, clock, name })));
});
afterAll(async () => {
  for (const node of nodes) await node.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-up-"));
  writeConfig();
});
afterEach(async () => {
  up.process.kill("SIGTERM");
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

function writeConfig(extra = ""): void {
  const list = nodes.map(({ name, url }) => `  - { name: ${name}, url: "${url}" }`).join("\n");
  const groups = "groups:\n  - { name: default, listen: 127.0.0.1:0 }";
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    `nodes:\n${list}\nserver: { listen: 127.0.0.1:0 }\n${groups}\ngateway: { metricsListen: none }\n${extra}`,
  );
}

async function started(): Promise<{ api: string; gateway: string }> {
  up = runCommand(folder, "up");
  const [, api = "", gateway = ""] = await up.says(/API +(http:\S+)[^]*beacon node URL +(http:\S+)/);
  return { api, gateway };
}

/** The first snapshot of the live stream that satisfies `isReached`. */
async function snapshotWhere(api: string, isReached: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  const response = await fetch(`${api}/api/v1/stream`);
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const body = /^event: snapshot\ndata: (.*)$/s.exec(block)?.[1];
      if (body === undefined) continue;
      const snapshot = JSON.parse(body) as Snapshot;
      if (isReached(snapshot)) return snapshot;
    }
  }
  throw new Error("the stream ended");
}
const pidOf = (snapshot: Snapshot) => snapshot.gateways[0]?.status?.process.pid ?? 0;
const nodeOf = (snapshot: Snapshot, name: string) =>
  snapshot.gateways[0]?.status?.groups[0]?.nodes.find(({ node }) => node === name);

test("one command serves validator clients and the page, and stops without a trace", async () => {
  const { api, gateway } = await started();
  const fine = await snapshotWhere(api, ({ state }) => state.level === "fine");
  expect(fine.state.sentence).toMatch(/^All 2 beacon nodes are in sync/);
  expect((await fetch(`${gateway}/eth/v1/node/syncing`)).status).toBe(200);
  up.process.kill("SIGTERM");
  expect(await up.ended).toBe(0);
  await whenGone(pidOf(fine));
  await expect(fetch(`${gateway}/eth/v1/node/health`)).rejects.toThrow();
});

test("a killed gateway comes back by itself: a client that asks meanwhile waits, the page never shows it as fine", async () => {
  const { api, gateway } = await started();
  const before = await snapshotWhere(api, ({ state }) => state.level === "fine");
  const unknown = snapshotWhere(api, ({ state }) => state.level !== "fine");
  process.kill(pidOf(before), "SIGKILL");
  expect((await unknown).gateways[0]).toMatchObject({ isReachable: false });
  expect((await fetch(`${gateway}/eth/v1/node/version`)).status).toBe(200);
  const after = await snapshotWhere(api, ({ state }) => state.level === "fine");
  expect(pidOf(after)).not.toBe(pidOf(before));
});

test("a gateway that hangs is noticed, killed and started again", async () => {
  const { api, gateway } = await started();
  const before = await snapshotWhere(api, ({ state }) => state.level === "fine");
  process.kill(pidOf(before), "SIGSTOP");
  await whenGone(pidOf(before));
  expect((await fetch(`${gateway}/eth/v1/node/version`)).status).toBe(200);
  expect(up.output().stderr).toMatch(/gateway hangs: no sign of life/);
});

test("a cordon through the API reaches the gateway, survives its crash, and stands in the audit", async () => {
  const { api } = await started();
  const before = await snapshotWhere(api, ({ state }) => state.level === "fine");
  const headers = { authorization: `Bearer ${readApiToken(join(data(), "api-token"))}` };
  const url = `${api}/api/v1/nodes/gateway/default/bn1/cordon`;
  expect((await fetch(url, { method: "POST" })).status).toBe(401);
  expect((await fetch(url, { method: "POST", headers })).status).toBe(200);
  await snapshotWhere(api, (snapshot) => nodeOf(snapshot, "bn1")?.operator === "cordoned");
  process.kill(pidOf(before), "SIGKILL");
  const after = await snapshotWhere(api, (snapshot) => pidOf(snapshot) !== pidOf(before) && pidOf(snapshot) !== 0);
  expect(nodeOf(after, "bn1")?.operator).toBe("cordoned");

  const { items } = (await (await fetch(`${api}/api/v1/transitions?node=bn1`)).json()) as { items: { kind: string }[] };
  expect(items.map(({ kind }) => kind)).toContain("operator");
  up.process.kill("SIGTERM");
  await up.ended;
  const store = await openSqliteStore(join(data(), "slotkeeper.db"), auditHash, columnCodec);
  const records = await store.audit.read(0, 10);
  await store.close();
  expect(records).toMatchObject([
    { action: "node.cordon", target: "gateway/default/bn1", result: "asked" },
    { action: "node.cordon", target: "gateway/default/bn1", result: "done (asked in record 1)" },
  ]);
  expect(verifyAudit(records).isWhole).toBe(true);
});

test("SIGUSR2 replaces the gateway: the page goes on with the new process, and a cordon holds", async () => {
  const { api, gateway } = await started();
  const before = await snapshotWhere(api, ({ state }) => state.level === "fine");
  const headers = { authorization: `Bearer ${readApiToken(join(data(), "api-token"))}` };
  await fetch(`${api}/api/v1/nodes/gateway/default/bn1/cordon`, { method: "POST", headers });
  up.process.kill("SIGUSR2");
  const after = await snapshotWhere(api, (snapshot) => ![0, pidOf(before)].includes(pidOf(snapshot)));
  expect(nodeOf(after, "bn1")?.operator).toBe("cordoned");
  expect((await fetch(`${gateway}/eth/v1/node/version`)).status).toBe(200);
  expect(up.output().stderr).not.toMatch(/"level":50/);
  // Stopping does not wait for the process that leaves and then for the one that serves: they leave together.
  up.process.kill("SIGTERM");
  expect(await up.ended).toBe(0);
  await whenGone(pidOf(before));
  await whenGone(pidOf(after));
});

test("children of a supervisor that was killed drain and end", async () => {
  const { api, gateway } = await started();
  const gatewayPid = pidOf(await snapshotWhere(api, ({ state }) => state.level === "fine"));
  up.process.kill("SIGKILL");
  // The pipes close when the last child that holds them is gone.
  expect(await up.ended).toBe("SIGKILL");
  await whenGone(gatewayPid);
  expect(up.output().stderr).toMatch(/"role":"monitor".*"stopped"/);
  expect(up.output().stderr).toMatch(/"role":"gateway".*"stopped"/);
  await expect(fetch(`${gateway}/eth/v1/node/health`)).rejects.toThrow();
});

test("a bad new config file is shown and changes nothing; a good one is taken over", async () => {
  const { api } = await started();
  await snapshotWhere(api, ({ state }) => state.level === "fine");
  writeConfig("nodez: []\n");
  const refused = await snapshotWhere(api, ({ gateways }) => gateways[0]?.status?.configError !== undefined);
  expect(refused.gateways[0]?.status?.configError).toContain("nodez");
  expect(refused.state).toMatchObject({ level: "warning" });
  // Each process reads the file by itself.
  const metrics = async () => (await fetch(`${api}/metrics`)).text();
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/slotkeeper_config_reload_failed{role="monitor"} 1/);
  writeConfig("profile: scaled\n");
  const taken = await snapshotWhere(api, ({ state, profile }) => state.level === "fine" && profile === "scaled");
  expect(taken.gateways[0]?.status).not.toHaveProperty("configError");
});

test("a second monitor or gateway on the same data is refused with words", async () => {
  await started();
  for (const [role, words] of [
    ["monitor", /another monitor \(process \d+\) uses it/],
    ["gateway", /another gateway answers/],
  ] as const) {
    const second = runCommand(folder, role);
    expect(await second.ended).toBe(4);
    expect(second.output().stderr).toMatch(words);
  }
});

test("without a config file it says how to get one", async () => {
  up = runCommand(folder, "up", "--config", "nowhere.yaml");
  expect(await up.ended).toBe(3);
  expect(up.output().stderr).toContain("slotkeeper config init");
});

test("a wrong config ends the start with the place in the file", async () => {
  writeConfig("nodez: []\n");
  up = runCommand(folder, "up");
  expect(await up.ended).toBe(3);
  expect(up.output().stderr).toMatch(/slotkeeper\.yaml:\d+:\d+: nodez/);
});
