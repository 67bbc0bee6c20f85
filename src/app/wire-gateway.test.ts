import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyAudit, type AuditRecord } from "../access/audit.ts";
import { createControlClient } from "../control/client.ts";
import { startGatewayGroup } from "../gateway/start-gateway-group.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { startUpstreamGroup } from "../upstream/start-upstream-group.ts";
import { requireConfig } from "./config/load.ts";
import type { RunningRole } from "./run-role.ts";
import { wireGateway } from "./wire-gateway.ts";

let folder: string;
let role: RunningRole | undefined;
const client = () => createControlClient({ kind: "socket", path: join(folder, "data", "gateway.sock") }, systemClock);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sk-wire-"));
  role = undefined;
});
afterEach(async () => {
  await role?.stop();
  rmSync(folder, { recursive: true });
});

/** A port that nobody listens on: the nodes are down, the gateway is not. */
async function load(nodes: readonly string[], metricsListen = "none") {
  const list = nodes.map((name) => `{ name: ${name}, url: "http://127.0.0.1:9/${name}" }`).join(", ");
  const groups = "[{ name: a, listen: 127.0.0.1:0 }, { name: b, listen: 127.0.0.1:0 }]";
  writeFileSync(
    join(folder, "slotkeeper.yaml"),
    `nodes: [${list}]\ngroups: ${groups}\ngateway: { metricsListen: ${metricsListen} }\n`,
  );
  return requireConfig(join(folder, "slotkeeper.yaml"), {});
}

async function start(metricsListen?: string): Promise<RunningRole> {
  const parts = { inherited: new Map<string, number>(), clock: systemClock, random: () => 0.5, log: silentLogger };
  const loaded = await load(["bn1", "bn2"], metricsListen);
  return wireGateway({ ...parts, loaded, version: "0.1.0" }, { startUpstreamGroup, startGatewayGroup });
}

test("serves each group on a listener of its own, with no monitor and no store", async () => {
  role = await start();
  const ports = [...role.greeting.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map((match) => match[1]);
  expect(new Set(ports).size).toBe(2);
  // An idle connection would keep the drain waiting for a slot, as it should for a validator client.
  const headers = { connection: "close" };
  for (const port of ports)
    expect((await fetch(`http://127.0.0.1:${port}/eth/v1/node/version`, { headers })).status).toBe(200);
  const status = await client().status();
  expect(status.groups.map(({ group, requests }) => [group, requests.total])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});

test("a cordon touches one group, survives a restart, and names who asked", async () => {
  role = await start();
  await client().setOperatorState("a", "bn1", "cordoned", "alice");
  const { items } = await client().transitions(0);
  expect(items.map(({ item }) => item).filter(({ kind }) => kind === "operator")).toMatchObject([
    { group: "a", node: "bn1", from: "active", to: "cordoned", detail: expect.stringContaining("alice") as string },
  ]);
  await role.stop();
  role = await start();
  const { groups } = await client().status();
  expect(groups.map(({ nodes }) => nodes[0]?.operator)).toEqual(["cordoned", "active"]);
});

test("what control was asked to do stands in the gateway's own audit, before and after it was done", async () => {
  role = await start();
  await client().setOperatorState("a", "bn1", "cordoned", "alice");
  await expect(client().setOperatorState("a", "bn9", "cordoned", "alice")).rejects.toThrow(/no such node/);
  const lines = readFileSync(join(folder, "data", "gateway.audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  expect(records).toMatchObject([
    { actor: "alice", action: "node.cordoned", target: "gateway/a/bn1", result: "asked" },
    { actor: "alice", action: "node.cordoned", target: "gateway/a/bn1", result: "done (asked in record 1)" },
  ]);
  expect(verifyAudit(records).isWhole).toBe(true);
});

test("unknown groups and nodes are refused, and nothing is stored", async () => {
  role = await start();
  await expect(client().setOperatorState("z", "bn1", "cordoned", "alice")).rejects.toThrow(/no group z/);
  await expect(client().setOperatorState("a", "bn9", "cordoned", "alice")).rejects.toThrow(/no such node/);
  await role.stop();
  role = await start();
  expect((await client().status()).groups.flatMap(({ nodes }) => nodes.map(({ operator }) => operator))).not.toContain(
    "cordoned",
  );
});

test("a second gateway on the same data is refused, and the first goes on", async () => {
  role = await start();
  await expect(start()).rejects.toMatchObject({ code: "control-socket-in-use" });
  expect((await client().status()).groups).toHaveLength(2);
});

test("a new config replaces the nodes of running groups and changes the revision", async () => {
  role = await start();
  const before = await client().status();
  role.reconfigure(await load(["bn2", "bn3"]));
  const after = await client().status();
  expect(after.groups.map(({ nodes }) => nodes.map(({ node }) => node))).toEqual([
    ["bn2", "bn3"],
    ["bn2", "bn3"],
  ]);
  expect(after.configRevision).not.toBe(before.configRevision);
});

test("its metrics are served on the control socket", async () => {
  role = await start();
  const text = await client().metrics();
  expect(text).toMatch(/slotkeeper_gateway_nodes{group="a",role="gateway"} 2/);
  expect(text).toMatch(/slotkeeper_build_info{version="0\.1\.0",role="gateway"} 1/);
});

test("a metrics port that another program has leaves the data path serving", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  try {
    role = await start(`127.0.0.1:${(blocker.address() as AddressInfo).port}`);
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(role.greeting)?.[1];
    const headers = { connection: "close" };
    expect((await fetch(`http://127.0.0.1:${port}/eth/v1/node/version`, { headers })).status).toBe(200);
    expect((await client().status()).groups).toHaveLength(2);
  } finally {
    blocker.close();
  }
});
