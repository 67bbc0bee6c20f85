import { afterEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import { blockAt, followChain, readyGroup, slotMs, testGroup } from "./judge-fixture.ts";
import { fakeRoot, startScriptedNode, type Reply, type ScriptedNode } from "./scripted-node.ts";
import { startUpstreamGroup } from "./start-upstream-group.ts";

/** Traps of failover that the health machine answers for; the others are in `src/gateway/traps`. */

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A node whose `node/health` says one thing and whose `node/syncing` says another. */
async function node(health: number, syncing: Record<string, unknown>): Promise<ScriptedNode> {
  const genesisTime = Math.floor(Date.now() / 1000) - 200;
  const headSlot = String(Math.floor(200 / 12));
  const reply: Reply = (_request, response) => void response.writeHead(health).end();
  const started = await startScriptedNode({
    "/eth/v1/node/health": reply,
    "/eth/v1/node/syncing": { head_slot: headSlot, sync_distance: "0", is_syncing: false, ...syncing },
    "/eth/v1/config/spec": { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "256" },
    "/eth/v1/config/fork_schedule": [{ previous_version: "0x00000001", current_version: "0x00000001", epoch: "0" }],
    "/eth/v1/beacon/genesis": {
      genesis_time: String(genesisTime),
      genesis_validators_root: fakeRoot("genesis"),
      genesis_fork_version: "0x00000001",
    },
    "/eth/v1/beacon/headers/head": {
      root: fakeRoot("head"),
      canonical: true,
      header: { message: { slot: headSlot, proposer_index: "1", parent_root: fakeRoot("parent") } },
    },
  });
  ends.push(() => started.kill().catch(() => undefined));
  return started;
}

test("trap 2: node/health means something else in every client, so nodes are judged by node/syncing and never asked for it", async () => {
  const nodes = {
    elOffline: await node(200, { is_optimistic: false, el_offline: true }),
    optimistic: await node(206, { is_optimistic: true, el_offline: false }),
    overloaded: await node(503, { is_optimistic: false, el_offline: false }),
  };
  const group = startUpstreamGroup({
    config: {
      name: "g",
      network: { kind: "auto" },
      nodes: Object.entries(nodes).map(([name, { url }]) => ({ name, url, priority: 0, labels: {}, headers: {} })),
    },
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
  });
  ends.push(() => group.stop());
  await expect.poll(() => group.view().ready).toEqual(["overloaded"]);
  await expect
    .poll(() => group.statuses().map(({ reason }) => reason))
    .toEqual(["el-offline", "is-optimistic", "in-sync"]);
  for (const { calls } of Object.values(nodes)) expect(calls.get("/eth/v1/node/health")).toBeUndefined();
});

test("trap 3: a node that gives its target as head_slot is judged by the block that it shows", () => {
  const group = readyGroup();
  followChain(group, ["b", "c"], 3);
  group.syncing("a", { headSlot: group.slotNow() });
  group.advance(slotMs / 3);
  expect(group.health("a")).toBe("suspect: head-behind");
  expect(group.node("a").headLagSlots).toBe(3);
});

test("trap 3: alone and sure of itself, a node eight slots behind the clock still serves nothing to sign over", () => {
  const group = testGroup([{ name: "a" }]);
  group.makeReady("a");
  for (let slot = 0; slot < 9; slot++) {
    group.advance(slotMs);
    group.syncing("a", { headSlot: group.slotNow(), syncDistance: 0 });
  }
  expect(group.state.view).toMatchObject({ signingInputs: [] });
  group.head("a", blockAt(group.slotNow()));
  expect(group.state.view).toMatchObject({ ready: ["a"], signingInputs: ["a"] });
});

test("trap 18: with every clock off and no peers anywhere, the last nodes stay, for reads and for signing", () => {
  const group = readyGroup();
  for (const name of ["a", "b", "c"]) {
    group.answer(name, { probe: "peers", connected: 0 });
    group.answer(
      name,
      { probe: "syncing", status: { headSlot: group.slotNow(), ...inSync } },
      { serverTimeAt: group.now - 3_600_000 },
    );
  }
  followChain(group, ["a", "b", "c"], 4);
  expect(group.state.view).toMatchObject({ kind: "serving", ready: ["a", "b", "c"], signingInputs: ["a", "b", "c"] });
});

const inSync = { syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false };
