import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createControlClient } from "../control/client.ts";
import type { GroupStatus } from "../control/types.ts";
import { startGatewayGroup } from "../gateway/start-gateway-group.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { createSimChain } from "../sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../sim/start-sim-beacon-node.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import { requireConfig } from "./config/load.ts";
import type { RunningRole } from "./run-role.ts";
import { wireGateway } from "./wire-gateway.ts";

const slotDurationMs = 2_000;
const recipient = "0x".padEnd(42, "a");

let folder: string;
let role: RunningRole;
let sims: SimBeaconNode[];
let clientUrl: string;

/** A validator client that never rests: what it was told is kept by status. */
let client: { stop: () => Promise<void>; answers: Map<number, number>; nodes: Set<string> };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sk-reload-"));
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 100 * slotDurationMs;
  const chain = createSimChain({ seed: "reload", preset: "minimal", slotDurationMs, genesisTimeMs, validators: 64 });
  sims = await Promise.all(["a", "b", "c"].map((name) => startSimBeaconNode({ chain, clock: systemClock, name })));
  const parts = { inherited: new Map<string, number>(), clock: systemClock, random: () => 0.5, log: silentLogger };
  const loaded = await load([line("a", 0), line("b", 1)]);
  role = await wireGateway({ ...parts, loaded, version: "0.1.0" }, { startUpstreamGroup, startGatewayGroup });
  clientUrl = /http:\S+/.exec(role.greeting)?.[0] ?? "";
  await groupWhere(({ view }) => view.kind === "serving" && view.ready.length === 2);
  client = startClient();
});
afterEach(async () => {
  await client.stop();
  await role.stop();
  for (const sim of sims) await sim.stop();
  rmSync(folder, { recursive: true });
});

const simOf = (name: string) => sims.find((sim) => sim.name === name) as SimBeaconNode;
const line = (name: string, url: string | number, extra = "") =>
  `{ name: ${name}, url: "${typeof url === "number" ? sims[url]?.url : url}"${extra} }`;

async function load(nodes: readonly string[], extra = "") {
  const group = "groups: [{ name: main, listen: 127.0.0.1:0 }]";
  const text = `nodes: [${nodes.join(", ")}]\n${group}\ngateway: { metricsListen: none }\n${extra}`;
  writeFileSync(join(folder, "slotkeeper.yaml"), text);
  return requireConfig(join(folder, "slotkeeper.yaml"), {});
}

const control = () => createControlClient({ kind: "socket", path: join(folder, "data", "gateway.sock") }, systemClock);

async function groupWhere(isReached: (group: GroupStatus) => boolean): Promise<GroupStatus> {
  for (;;) {
    const group = (await control().status()).groups[0] as GroupStatus;
    if (isReached(group)) return group;
    await systemClock.sleep(20);
  }
}

function startClient(): typeof client {
  const answers = new Map<number, number>();
  const nodes = new Set<string>();
  let isStopped = false;
  async function ask(path: () => string, init?: RequestInit): Promise<void> {
    while (!isStopped) {
      const answer = await fetch(`${clientUrl}${path()}`, init).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      answers.set(answer?.status ?? 0, (answers.get(answer?.status ?? 0) ?? 0) + 1);
      const node = answer?.headers.get("x-slotkeeper-node");
      if (node) nodes.add(node);
      await systemClock.sleep(5);
    }
  }
  const loops = [
    ask(() => `/eth/v1/validator/attestation_data?slot=${currentSlot()}&committee_index=0`),
    ask(() => "/eth/v1/beacon/headers/head"),
    ask(() => "/eth/v1/validator/duties/attester/12", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(["1", "2", "3"]),
    }),
  ];
  return { answers, nodes, stop: async () => ((isStopped = true), void (await Promise.all(loops))) };
}
const currentSlot = () => simOf("a").sight().head.slot;

/** Waits until the client has been answered `count` more times since now. */
async function answered(count: number): Promise<void> {
  const sum = () => [...client.answers.values()].reduce((a, b) => a + b, 0);
  const before = sum();
  while (sum() < before + count) await systemClock.sleep(5);
}

test("a node that is added serves, is told what is stored, and no request fails", async () => {
  const told = await fetch(`${clientUrl}/eth/v1/validator/prepare_beacon_proposer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ validator_index: "1", fee_recipient: recipient }]),
  });
  expect(told.status).toBe(200);
  role.reconfigure(await load([line("a", 0), line("b", 1), line("c", 2)]));
  const { nodes } = await groupWhere(({ view }) => view.ready.includes("c"));
  expect(nodes.map(({ node }) => node)).toEqual(["a", "b", "c"]);
  expect(simOf("c").preparations().get(1)).toBe(recipient);
  await answered(30);
  expect([...client.answers.keys()]).toEqual([200]);
});

test("the serving node is removed, and its successor takes over without a failed request", async () => {
  await answered(10);
  expect([...client.nodes]).toEqual(["a"]);
  role.reconfigure(await load([line("b", 1)]));
  expect((await groupWhere(() => true)).nodes.map(({ node }) => node)).toEqual(["b"]);
  await answered(60);
  expect([...client.answers.keys()]).toEqual([200]);
  expect(client.nodes.has("b")).toBe(true);
});

test("the serving node gets another URL: calls go there, and no request fails", async () => {
  await answered(10);
  role.reconfigure(await load([line("a", 2), line("b", 1)]));
  simOf("c").clearReceived();
  const group = await groupWhere(({ view }) => view.ready[0] === "a");
  expect(group.nodes[0]?.url).toBe(simOf("c").url);
  await answered(60);
  expect(simOf("c").received({ path: "/eth/v1/beacon/headers/head" }).length).toBeGreaterThan(0);
  expect([...client.answers.keys()]).toEqual([200]);
});

test("priorities swap and headers change while requests run", async () => {
  await answered(10);
  const header = ', headers: { X-Tag: "two" }';
  role.reconfigure(await load([line("b", 1, header), line("a", 0)]));
  await groupWhere(({ view }) => view.ready[0] === "b" && view.ready.length === 2);
  simOf("b").clearReceived();
  await answered(60);
  // A read that clients do not share, so that it goes to the node now.
  expect((await fetch(`${clientUrl}/eth/v1/node/peers`)).status).toBe(200);
  const seen = simOf("b").received({ path: "/eth/v1/node/peers" });
  expect(seen.at(-1)?.headers["x-tag"]).toBe("two");
  expect([...client.answers.keys()]).toEqual([200]);
});

test("what waits for a restart is not taken over by half: another network leaves the group serving", async () => {
  await answered(10);
  role.reconfigure(await load([line("a", 0), line("b", 1)], "network: mainnet"));
  await answered(60);
  const { view } = await groupWhere(() => true);
  expect(view).toMatchObject({ kind: "serving", ready: ["a", "b"] });
  expect([...client.answers.keys()]).toEqual([200]);
});

test("a cordoned node that left the file and came back is still cordoned", async () => {
  await control().setOperatorState("main", "b", "cordoned", "alice");
  role.reconfigure(await load([line("a", 0)]));
  role.reconfigure(await load([line("a", 0), line("b", 1)]));
  const { nodes } = await groupWhere(() => true);
  expect(nodes.map(({ node, operator }) => [node, operator])).toEqual([
    ["a", "active"],
    ["b", "cordoned"],
  ]);
});
