import { Agent, request } from "undici";
import { afterEach, expect, test } from "vitest";
import { createBeaconClient } from "../beacon/beacon-client.ts";
import { beaconRoutes } from "../beacon/routes.ts";
import { parseChainSpec } from "../chain/chain-spec.ts";
import { createFakeClock } from "../lib/fake-clock.ts";
import { systemClock } from "../lib/clock.ts";
import { createSimChain } from "./create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode, type SimBeaconNodeOptions } from "./start-sim-beacon-node.ts";

const genesisTimeMs = 1_700_000_000_000;
const open: { stop?: () => Promise<void>; close?: () => Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.stop?.() ?? one.close?.());
});

/** A node at slot 84.5 of a minimal chain, its clock in the test's hands. */
async function startNode(options: Partial<SimBeaconNodeOptions> = {}) {
  const clock = createFakeClock(genesisTimeMs + 84.5 * 12_000);
  const chain =
    options.chain ?? createSimChain({ seed: "node", slotDurationMs: 12_000, genesisTimeMs, validators: 64 });
  const node = await startSimBeaconNode({ chain, clock, name: "a", ...options });
  const client = createBeaconClient({ url: node.url, name: "a", clock: systemClock });
  open.push(node, client);
  return { clock, chain, node, client };
}

const timeoutMs = 5_000;

async function valueOf<T>(call: Promise<{ ok: boolean; value?: T; failure?: { message: string } }>): Promise<T> {
  const result = await call;
  if (!result.ok) throw new Error(result.failure?.message);
  return result.value as T;
}

test("our own client reads every route that it knows from an honest node", async () => {
  const { client, chain } = await startNode();
  const ask = <K extends keyof typeof beaconRoutes>(route: K, params = {}) =>
    valueOf(client.call(beaconRoutes[route] as (typeof beaconRoutes)["getSpec"], params, { timeoutMs }));

  expect(await ask("getSyncingStatus")).toEqual({
    headSlot: 84,
    syncDistance: 0,
    isSyncing: false,
    isOptimistic: false,
    elOffline: false,
  });
  expect(await ask("getNodeVersion")).toEqual({ version: "Lodestar/v1.50.0/sim-a" });
  expect(await ask("getPeerCount")).toEqual({ connected: 50 });
  expect(await ask("getGenesis")).toMatchObject({ genesisTimeMs, genesisValidatorsRoot: chain.genesisValidatorsRoot });
  expect(await ask("getBlockHeader", { block_id: "head" })).toMatchObject({ slot: 84, root: chain.headAt(84).root });
  expect(await ask("getBlockRoot", { block_id: "80" })).toEqual({ root: chain.headAt(80).root });
  expect(await ask("getStateFinalityCheckpoints", { state_id: "head" })).toMatchObject({
    justified: { epoch: 9 },
    finalized: { epoch: 8 },
  });
  const spec = parseChainSpec(await ask("getSpec"));
  expect(spec).toMatchObject({ ok: true, spec: { slotDurationMs: 12_000, slotsPerEpoch: 8, forks: chain.forks } });
  expect(await ask("getForkSchedule")).toHaveLength(7);
});

test("an unknown block is 404 with code and message, a malformed id 400, an unknown route 404", async () => {
  const { node } = await startNode();
  const unknown = await fetch(`${node.url}/eth/v1/beacon/headers/0x${"ab".repeat(32)}`);
  expect([unknown.status, await unknown.json()]).toEqual([404, { code: 404, message: "Block not found" }]);
  expect((await fetch(`${node.url}/eth/v1/beacon/headers/85`)).status).toBe(404);
  expect((await fetch(`${node.url}/eth/v1/beacon/headers/0x12`)).status).toBe(400);
  expect((await fetch(`${node.url}/eth/v1/no/such/route`)).status).toBe(404);
});

test("a block comes as JSON or SSZ as the Accept header weighs them, and not at all as something else", async () => {
  const { node } = await startNode();
  const get = (accept: string) => fetch(`${node.url}/eth/v2/beacon/blocks/head`, { headers: { accept } });
  const ssz = await get("application/octet-stream;q=1.0,application/json;q=0.9");
  expect(ssz.headers.get("content-type")).toBe("application/octet-stream");
  expect(ssz.headers.get("eth-consensus-version")).toBe("fulu");
  const json = await get("application/octet-stream;q=0.2, */*;q=0.5");
  expect(json.headers.get("content-type")).toBe("application/json");
  expect((await get("text/html")).status).toBe(406);
  await Promise.all([ssz.arrayBuffer(), json.arrayBuffer()]);
});

test("attester duties name each validator's seat once an epoch, as the committees say", async () => {
  const { node, chain } = await startNode();
  const indices = Array.from({ length: 64 }, (_, index) => String(index));
  const reply = await post(node, "/eth/v1/validator/duties/attester/10", indices);
  const { data, dependent_root } = (await reply.json()) as { data: Record<string, string>[]; dependent_root: string };
  expect(dependent_root).toBe(chain.headAt(71).root);
  expect(new Set(data.map((duty) => duty["validator_index"])).size).toBe(64);
  for (const duty of data) {
    const members = chain
      .committees(chain.headAt(84), 10)
      .members(Number(duty["slot"]) % 8, Number(duty["committee_index"]));
    expect(members[Number(duty["validator_committee_index"])]).toBe(Number(duty["validator_index"]));
  }
});

test("a produced block pays the fee recipient that the node was told, until it restarts", async () => {
  const { node, chain } = await startNode();
  const proposer = chain.proposerAt(chain.headAt(84), 85);
  const recipient = `0x${"ab".repeat(20)}`;
  const produce = async () => {
    // A connection of its own: the restart cuts those that are open.
    const dispatcher = new Agent();
    open.push(dispatcher);
    const reply = await request(`${node.url}/eth/v3/validator/blocks/85?randao_reveal=0x${"11".repeat(96)}`, {
      dispatcher,
    });
    const json = (await reply.body.json()) as {
      data: { block: { body: { execution_payload: { fee_recipient: string } } } };
    };
    return json.data.block.body.execution_payload.fee_recipient;
  };
  await post(node, "/eth/v1/validator/prepare_beacon_proposer", [
    { validator_index: String(proposer), fee_recipient: recipient },
  ]);
  expect(await produce()).toBe(recipient);
  node.restart();
  expect(await produce()).toBe(`0x${"00".repeat(20)}`);
});

test("an aggregate is found by the root of this node's attestation data, and is 404 for any other", async () => {
  const { node } = await startNode();
  const { attestationDataRoot } = await import("./node/attestation-data.ts");
  const data = await fetch(`${node.url}/eth/v1/validator/attestation_data?slot=84&committee_index=0`);
  const root = attestationDataRoot(((await data.json()) as { data: Parameters<typeof attestationDataRoot>[0] }).data);
  const ask = (of: string) =>
    fetch(`${node.url}/eth/v2/validator/aggregate_attestation?slot=84&committee_index=0&attestation_data_root=${of}`);
  const found = await ask(root);
  expect(found.status).toBe(200);
  expect(await found.json()).toMatchObject({ version: "fulu", data: { data: { slot: "84", index: "0" } } });
  expect((await ask(`0x${"12".repeat(32)}`)).status).toBe(404);
});

test("of published attestations the bad ones are named by index, and all are remembered", async () => {
  const { node, chain } = await startNode();
  const item = (root: string) => ({
    committee_index: "0",
    attester_index: "1",
    data: { slot: "84", index: "0", beacon_block_root: root },
  });
  const items = [item(chain.headAt(84).root), item(`0x${"12".repeat(32)}`)];
  const reply = await post(node, "/eth/v2/beacon/pool/attestations", items);
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ code: 400, failures: [{ index: 1 }] });
  expect(node.received({ method: "POST", path: "/pool/attestations" })).toMatchObject([{ json: items }]);
});

test("a syncing node answers 206 and 503, and tells how far behind it is", async () => {
  const { node, client } = await startNode();
  node.setFault({ kind: "syncing", distance: 20 });
  expect((await fetch(`${node.url}/eth/v1/node/health`)).status).toBe(206);
  expect((await fetch(`${node.url}/eth/v1/validator/attestation_data?slot=84&committee_index=0`)).status).toBe(503);
  const status = await valueOf(client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs }));
  expect(status).toMatchObject({ headSlot: 64, syncDistance: 20, isSyncing: true });
});

test("a stale node claims to be synced while its head stands still, and recovers when the fault ends", async () => {
  const { node, clock } = await startNode();
  node.setFault({ kind: "stale-head" });
  await clock.advance(36_000);
  expect(node.sight()).toMatchObject({ slot: 87, head: { slot: 84 }, isSyncing: false, syncDistance: 0 });
  node.clearFault();
  expect(node.sight()).toMatchObject({ slot: 87, head: { slot: 87 } });
});

test("two nodes on one split agree with each other and differ from the third in what is justified", async () => {
  const { chain, node: a } = await startNode();
  const { node: b } = await startNode({ chain, name: "b" });
  const { node: c } = await startNode({ chain, name: "c" });
  for (const node of [a, b]) node.setFault({ kind: "split" });
  expect(a.sight().state.justified).toEqual(b.sight().state.justified);
  expect(a.sight().state.justified.epoch).toBe(c.sight().state.justified.epoch);
  expect(a.sight().state.justified.root).not.toBe(c.sight().state.justified.root);
});

test("a clock that is behind holds the head back and shows in the Date header", async () => {
  const { node, clock } = await startNode();
  node.setFault({ kind: "clock-off", offsetMs: -120_000 });
  const reply = await fetch(`${node.url}/eth/v1/node/syncing`);
  expect(await reply.json()).toMatchObject({ data: { head_slot: "74" } });
  expect(Date.parse(reply.headers.get("date") ?? "")).toBe(clock.now() - 120_000);
});

test("a node of another network has another genesis root and other fork versions", async () => {
  const { node, client, chain } = await startNode();
  node.setFault({ kind: "wrong-network" });
  const genesis = await valueOf(client.call(beaconRoutes.getGenesis, {}, { timeoutMs }));
  expect(genesis.genesisValidatorsRoot).not.toBe(chain.genesisValidatorsRoot);
  expect(genesis.genesisForkVersion).not.toBe(chain.forks[0]?.version);
});

test("what hangs is answered when the fault ends", async () => {
  const { node } = await startNode();
  node.setFault({ kind: "hang", path: "/node/version" });
  const hanging = fetch(`${node.url}/eth/v1/node/version`);
  expect((await fetch(`${node.url}/eth/v1/node/syncing`)).status).toBe(200);
  node.clearFault("hang");
  expect((await hanging).status).toBe(200);
});

test("our client calls each shape of garbage by its name", async () => {
  const { node, client } = await startNode();
  const kinds = [];
  for (const shape of ["html", "truncated", "wrong-types", "empty", "endless"] as const) {
    node.setFault({ kind: "garbage", shape });
    const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs });
    kinds.push(result.ok ? "ok" : result.failure.kind);
  }
  expect(kinds).toEqual(["not-json", "not-json", "wrong-shape", "not-json", "too-large"]);
});

test("the event stream tells new heads, a reorg before its head, and finality", async () => {
  const { node, clock, chain } = await startNode();
  chain.addReorg({ slot: 87, depth: 2 });
  const events = await openEvents(node, "head,chain_reorg&topics=finalized_checkpoint");
  await clock.advance(12_000 * 5);
  const seen = await events.take(7);
  expect(seen.map((event) => `${event.topic} ${String(event.data["slot"] ?? event.data["epoch"])}`)).toEqual([
    "head 85",
    "head 86",
    "chain_reorg 87",
    "head 87",
    "head 88",
    "finalized_checkpoint 9",
    "head 89",
  ]);
  expect(seen[2]?.data).toMatchObject({ depth: "2", new_head_block: chain.headAt(87).root });
});

test("an unknown topic is refused with 400 and a refused stream with 503", async () => {
  const { node } = await startNode();
  expect((await fetch(`${node.url}/eth/v1/events?topics=nonsense`)).status).toBe(400);
  node.setFault({ kind: "no-event-stream" });
  expect((await fetch(`${node.url}/eth/v1/events?topics=head`)).status).toBe(503);
});

function post(node: SimBeaconNode, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(node.url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Reads events until as many as asked for have come. */
async function openEvents(node: SimBeaconNode, topics: string) {
  const stop = new AbortController();
  open.push({ stop: () => Promise.resolve(stop.abort()) });
  const reply = await fetch(`${node.url}/eth/v1/events?topics=${topics}`, { signal: stop.signal });
  const body = reply.body as AsyncIterable<Uint8Array> | null;
  return {
    async take(count: number) {
      const seen: { topic: string; data: Record<string, unknown> }[] = [];
      let text = "";
      for await (const chunk of body ?? []) {
        text += Buffer.from(chunk).toString();
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const match = /^event: (.*)\ndata: (.*)$/.exec(block);
          if (match) seen.push({ topic: match[1] ?? "", data: JSON.parse(match[2] ?? "") as Record<string, unknown> });
        }
        if (seen.length >= count) break;
      }
      return seen;
    },
  };
}
