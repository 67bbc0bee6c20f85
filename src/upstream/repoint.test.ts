import { createServer, request as requestHttp, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { fakeRoot, startScriptedNode, type ScriptedNode } from "./scripted-node.ts";
import { startUpstreamGroup } from "./start-upstream-group.ts";
import type { Transition, UpstreamGroup, UpstreamGroupConfig } from "./types.ts";

const ends: (() => unknown)[] = [];
let isOver = false;
beforeEach(() => {
  isOver = false;
});
afterEach(async () => {
  isOver = true;
  for (const end of ends.splice(0).reverse()) await end();
});

/** A node that is at the head of a chain of its own, ten slots old. */
async function startNode(): Promise<ScriptedNode> {
  const genesisTime = Math.floor(Date.now() / 1000) - 20;
  const checkpoint = { epoch: "0", root: fakeRoot("c") };
  const header = { message: { slot: "10", proposer_index: "1", parent_root: fakeRoot("b9") } };
  const node = await startScriptedNode({
    "/eth/v1/node/version": { version: "Lodestar/v1.5.1" },
    "/eth/v1/node/peer_count": { connected: "2" },
    "/eth/v1/config/spec": { SECONDS_PER_SLOT: "2", SLOTS_PER_EPOCH: "8", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "8" },
    "/eth/v1/config/fork_schedule": [{ previous_version: "0x00000001", current_version: "0x00000001", epoch: "0" }],
    "/eth/v1/beacon/genesis": {
      genesis_time: String(genesisTime),
      genesis_validators_root: fakeRoot("genesis"),
      genesis_fork_version: "0x00000001",
    },
    "/eth/v1/beacon/states/head/finality_checkpoints": {
      ...{ previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint },
    },
    "/eth/v1/node/syncing": { head_slot: "10", sync_distance: "0", is_syncing: false, is_optimistic: false },
    "/eth/v1/beacon/headers/head": { root: fakeRoot("b10"), canonical: true, header },
  });
  ends.push(() => node.kill().catch(() => undefined));
  return node;
}

/** Passes everything on, and can be closed as a dead process closes. */
async function startDetour(target: string): Promise<{ url: string; requests: string[]; kill(): void }> {
  const requests: string[] = [];
  const server: Server = createServer((req, res) => {
    requests.push(req.url ?? "");
    const onward = requestHttp(`${target}${req.url}`, { method: req.method, headers: req.headers });
    onward.on("error", () => res.destroy());
    onward.on("response", (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.on("error", () => res.destroy()).pipe(res);
    });
    onward.end();
    res.on("close", () => onward.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const kill = () => {
    server.close();
    server.closeAllConnections();
  };
  ends.push(kill);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, kill };
}

function config(url: string): UpstreamGroupConfig {
  const node = { name: "a", url, priority: 0, labels: {}, headers: {} };
  return { name: "main", network: { kind: "auto" }, nodes: [node] };
}

function start(url: string) {
  const group = startUpstreamGroup({
    ...{ config: config(url), clock: systemClock, random: () => 0.5, log: silentLogger },
  });
  ends.push(() => group.stop());
  const transitions: Transition[] = [];
  group.onTransition((transition) => transitions.push(transition));
  return { group, transitions };
}

/** Resolves with the first transition of the node to this health. */
const whenNode = (group: UpstreamGroup, to: string) =>
  new Promise<Transition>((resolve) => {
    if (group.status("a")?.health === to) return resolve({} as Transition);
    group.onTransition((each) => each.kind === "health" && each.to === to && resolve(each));
  });
const whenEvent = (group: UpstreamGroup) => new Promise((resolve) => group.onEvent(resolve));

async function until(fits: () => boolean): Promise<void> {
  while (!fits() && !isOver) await new Promise(setImmediate);
}

test("being looked at through another address changes nothing that is known of a node; its own address is shown", async () => {
  const node = await startNode();
  const { group, transitions } = start(node.url);
  await whenNode(group, "ready");
  await until(() => node.openStreams === 1);
  const seen = transitions.length;
  const before = group.view();
  const detour = await startDetour(node.url);
  group.repoint("a", detour.url);
  await until(() => detour.requests.some((url) => url.startsWith("/eth/v1/events")) && node.openStreams === 1);
  const event = whenEvent(group);
  node.emit("voluntary_exit", { message: { epoch: "1", validator_index: "3" } });
  await event;
  expect(detour.requests).toContain("/eth/v1/node/syncing");
  expect(transitions.slice(seen)).toEqual([]);
  expect(group.view()).toBe(before);
  expect(group.status("a")).toMatchObject({ health: "ready", url: node.url });
});

test("a fault on the way is the node's fault as long as it is looked at that way, and no longer", async () => {
  const node = await startNode();
  const { group } = start(node.url);
  await whenNode(group, "ready");
  const detour = await startDetour(node.url);
  group.repoint("a", detour.url);
  await until(() => detour.requests.some((url) => url.startsWith("/eth/v1/events")));
  const gone = whenNode(group, "down");
  detour.kill();
  await gone;
  const back = whenNode(group, "ready");
  group.repoint("a", undefined);
  await back;
  expect(group.status("a")?.reason).toBe("in-sync");
});

test("a reload keeps the detour of a node that it does not change, and ends that of one that it does", async () => {
  const node = await startNode();
  const { group } = start(node.url);
  await whenNode(group, "ready");
  const detour = await startDetour(node.url);
  group.repoint("a", detour.url);
  await until(() => detour.requests.some((url) => url.startsWith("/eth/v1/events")));
  group.reconfigure(config(node.url));
  detour.requests.length = 0;
  await until(() => detour.requests.length > 0);
  const moved = await startDetour(node.url);
  group.reconfigure(config(moved.url));
  await until(() => moved.requests.some((url) => url.startsWith("/eth/v1/events")));
  group.repoint("nobody", detour.url);
  expect(group.status("a")?.url).toBe(moved.url);
});
