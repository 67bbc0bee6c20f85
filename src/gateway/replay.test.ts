import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../lib/fake-clock.ts";
import { silentLogger } from "../lib/log.ts";
import { keepSnapshots, takeLeftovers } from "./replay/keep-snapshots.ts";
import { createReplayStore, type ReplayStore } from "./replay/replay-store.ts";
import { readReplayItems } from "./replay/replay-items.ts";
import { loadSnapshot, writeSnapshot } from "./replay/snapshot.ts";
import { fakeNetwork } from "./testing/fake-upstream.ts";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let folder: string;
let under: TestGateway | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotkeeper-replay-"));
});
afterEach(async () => {
  await under?.stop();
  under = undefined;
  await rm(folder, { recursive: true });
});

const address = (byte: string) => `0x${byte.repeat(20)}`;
const prepare = "/eth/v1/validator/prepare_beacon_proposer";
const preparation = (index: string, byte: string) => ({ validator_index: index, fee_recipient: address(byte) });
const registration = (timestamp: string, byte: string) => ({
  message: { pubkey: `0x${"01".repeat(48)}`, fee_recipient: address(byte), gas_limit: "30000000", timestamp },
  signature: `0x${"02".repeat(96)}`,
});
const body = (value: unknown) => Buffer.from(JSON.stringify(value));

async function post(gateway: TestGateway, path: string, value: unknown): Promise<Response> {
  return fetch(gateway.url + path, {
    method: "POST",
    body: JSON.stringify(value),
    headers: { "content-type": "application/json" },
  });
}

function bodies(node: FakeNode | undefined, path: string): unknown[] {
  return (node?.requests ?? []).filter(({ url }) => url === path).map((request) => JSON.parse(request.body) as unknown);
}

test("trap 11: a node that comes back is told the newest state before it is readmitted", async () => {
  under = await startTestGateway({ nodes: [(_q, r) => sendJson(r, {}), (_q, r) => sendJson(r, {})] });
  under.upstream.setView({ ready: ["a"] });
  under.upstream.setHealth("b", "down");
  await post(under, prepare, [preparation("1", "aa"), preparation("2", "bb")]);
  await post(under, prepare, [preparation("1", "cc")]);
  await post(under, "/eth/v1/validator/sync_committee_subscriptions", [
    { validator_index: "1", sync_committee_indices: ["5"], until_epoch: "1100" },
  ]);
  expect(under.nodes[1]?.requests).toHaveLength(0);
  await under.upstream.runGate("b");
  expect(bodies(under.nodes[1], prepare)).toEqual([[preparation("1", "cc"), preparation("2", "bb")]]);
  expect(bodies(under.nodes[1], "/eth/v1/validator/sync_committee_subscriptions")).toHaveLength(1);
});

test("a node that returns to ready without the gate is told as well, once", async () => {
  under = await startTestGateway({ nodes: [(_q, r) => sendJson(r, {}), (_q, r) => sendJson(r, {})] });
  under.upstream.setView({ ready: ["a"] });
  under.upstream.setHealth("b", "down");
  await post(under, prepare, [preparation("1", "aa")]);
  under.upstream.setHealth("b", "syncing");
  under.upstream.setHealth("b", "ready");
  await expect.poll(() => bodies(under?.nodes[1], prepare)).toEqual([[preparation("1", "aa")]]);
});

test("a fee recipient off the allow-list is refused per item, and nothing is sent", async () => {
  under = await startTestGateway({
    nodes: [(_q, r) => sendJson(r, {})],
    settings: { feeRecipientAllowList: [address("AA")] },
  });
  const refused = await post(under, prepare, [preparation("1", "aa"), preparation("2", "bb")]);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ reason: "fee-recipient-refused", failures: [{ index: 1 }] });
  expect(under.nodes[0]?.requests).toHaveLength(0);
  expect((await post(under, prepare, [preparation("1", "aa")])).status).toBe(200);
});

test("a body that is not what the Beacon API says is refused", async () => {
  under = await startTestGateway({ nodes: [(_q, r) => sendJson(r, {})] });
  for (const value of [{}, [1], [{ validator_index: "x" }], [{ validator_index: "1", fee_recipient: "0x12" }]])
    expect((await post(under, prepare, value)).status).toBe(400);
});

test("hot path: what was told survives a restart of the gateway, mode 0600", async () => {
  const path = join(folder, "deep", "replay.ndjson");
  under = await startTestGateway({ nodes: [(_q, r) => sendJson(r, {})], replayStorePath: path });
  await post(under, prepare, [preparation("1", "aa")]);
  await under.stop();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  under = await startTestGateway({ nodes: [(_q, r) => sendJson(r, {})], replayStorePath: path });
  await under.upstream.runGate("a");
  expect(bodies(under.nodes[0], prepare)).toEqual([[preparation("1", "aa")]]);
});

test("hot path: expired items never load, and an unreadable file starts empty and says so", async () => {
  const clock = createFakeClock();
  const network = fakeNetwork(clock.now());
  const make = () => createReplayStore(clock, () => network, 100);
  const path = join(folder, "replay.ndjson");
  const store = make();
  store.add("preparations", readReplayItems("preparations", body([preparation("1", "aa")]), "application/json") ?? []);
  const subscription = {
    validator_index: "1",
    committee_index: "0",
    committees_at_slot: "1",
    slot: "32000",
    is_aggregator: true,
  };
  store.add(
    "committee-subscriptions",
    readReplayItems("committee-subscriptions", body([subscription]), "application/json") ?? [],
  );
  await writeSnapshot(path, store, { ...clock, sleep: () => Promise.resolve() });
  await clock.advance(13_000);
  const reloaded = make();
  expect(await loadSnapshot(path, reloaded)).toBeUndefined();
  expect([reloaded.count("preparations"), reloaded.count("committee-subscriptions")]).toEqual([1, 0]);
  await clock.advance(3 * 32 * 12_000);
  const late = make();
  await loadSnapshot(path, late);
  expect(late.count("preparations")).toBe(0);

  await writeFile(path, (await readFile(path, "utf8")).slice(0, 80));
  expect(await loadSnapshot(path, make())).toContain("replay store");
  expect(await loadSnapshot(join(folder, "none"), make())).toBeUndefined();
});

test("an older registration never replaces a newer one, and SSZ says the same as JSON", () => {
  const clock = createFakeClock();
  const store = createReplayStore(clock, () => undefined, 100);
  const read = (value: unknown) => readReplayItems("registrations", body(value), "application/json") ?? [];
  store.add("registrations", read([registration("20", "bb")]));
  store.add("registrations", read([registration("10", "aa")]));
  expect(
    [...store.items("registrations")].map(
      ([, item]) => (JSON.parse(item.json) as { message: { timestamp: string } }).message.timestamp,
    ),
  ).toEqual(["20"]);

  const ssz = Buffer.alloc(180);
  Buffer.from("bb".repeat(20), "hex").copy(ssz);
  ssz.writeBigUInt64LE(30_000_000n, 20);
  ssz.writeBigUInt64LE(20n, 28);
  ssz.fill(1, 36, 84).fill(2, 84);
  const [fromSsz] = readReplayItems("registrations", ssz, "application/octet-stream") ?? [];
  expect(JSON.parse(fromSsz?.json ?? "")).toEqual(registration("20", "bb"));
  expect(readReplayItems("registrations", ssz.subarray(1), "application/octet-stream")).toBeUndefined();
});

test("trap 12: registrations go to one returning node at a time: nodes share their relays", async () => {
  const calls: string[] = [];
  const register = "/eth/v1/validator/register_validator";
  const late: (() => void)[] = [];
  const node =
    (name: string): FakeNode["answer"] =>
    (request, response) => {
      if (request.url === register) calls.push(name);
      if (request.url === register && name !== "a") late.push(() => sendJson(response, {}));
      else sendJson(response, {});
    };
  under = await startTestGateway({ nodes: ["a", "b", "c"].map(node) });
  for (const name of ["b", "c"]) under.upstream.setHealth(name, "down");
  under.upstream.setView({ ready: ["a"] });
  await post(under, register, [registration("20", "bb")]);
  expect(calls).toEqual(["a"]);
  const gates = [under.upstream.runGate("b"), under.upstream.runGate("c")];
  await expect.poll(() => calls).toEqual(["a", "b"]);
  // Node c has long been told everything else.
  expect(calls).not.toContain("c");
  late.shift()?.();
  await expect.poll(() => calls).toEqual(["a", "b", "c"]);
  late.shift()?.();
  await Promise.all(gates);
});

test("two clients that name one validator are logged and counted, and both are served", async () => {
  under = await startTestGateway({
    nodes: [(_q, r) => sendJson(r, {})],
    settings: { clients: ["vc-a", "vc-b"].map((name) => ({ name, token: name.repeat(8), addresses: [] })) },
  });
  for (const token of ["vc-a", "vc-b"]) {
    const answer = await fetch(under.url + prepare, {
      method: "POST",
      body: JSON.stringify([preparation("1", "aa")]),
      headers: { "content-type": "application/json", authorization: `Bearer ${token.repeat(8)}` },
    });
    expect(answer.status).toBe(200);
  }
  expect(await under.metrics.metrics()).toContain('slotkeeper_gateway_duplicate_keys_total{group="test"} 1');
  expect(under.gateway.safety.status().duplicateKey).toMatchObject({ validatorIndex: 1, clients: ["vc-a", "vc-b"] });
});

test("a full store keeps what it has and counts the rest", () => {
  const store = createReplayStore(createFakeClock(), () => undefined, 2);
  store.add(
    "preparations",
    readReplayItems("preparations", body(["1", "2", "3"].map((index) => preparation(index, "aa"))), undefined) ?? [],
  );
  expect([store.count("preparations"), store.overflowed]).toEqual([2, 1]);
});

test("what a process is told after it gave up its file reaches the process that took over, newest first", async () => {
  const path = join(folder, "replay.json");
  const clock = createFakeClock();
  const filled = () => createReplayStore(clock, () => fakeNetwork(clock.now()), 100);
  const add = (store: ReplayStore, index: string, byte: string) =>
    store.add(
      "preparations",
      readReplayItems("preparations", body([preparation(index, byte)]), "application/json") ?? [],
    );
  const recipients = (store: ReplayStore) =>
    [...store.items("preparations")].map(([key, { json }]) => [
      key,
      (JSON.parse(json) as { fee_recipient: string }).fee_recipient.slice(2, 4),
    ]);
  const old = filled();
  const keeper = keepSnapshots(path, old, clock, silentLogger, 5_000);
  add(old, "1", "aa");
  add(old, "2", "aa");
  await keeper.giveUp();
  const next = filled();
  await loadSnapshot(path, next);
  expect(recipients(next)).toEqual([
    ["1", "aa"],
    ["2", "aa"],
  ]);

  await clock.advance(1_000);
  add(old, "1", "bb");
  add(old, "2", "bb");
  add(old, "3", "bb");
  await clock.advance(1_000);
  add(next, "2", "cc");
  const before = await readFile(path, "utf8");
  await keeper.stop();
  expect(await readFile(path, "utf8")).toBe(before);
  await takeLeftovers(path, next);
  expect(recipients(next)).toEqual([
    ["1", "bb"],
    ["2", "cc"],
    ["3", "bb"],
  ]);
  await expect(readFile(`${path}.left`)).rejects.toThrow();
});

test("a process that takes its file back writes there again, with what it was told meanwhile", async () => {
  const path = join(folder, "replay.json");
  const clock = createFakeClock();
  const store = createReplayStore(clock, () => fakeNetwork(clock.now()), 100);
  const keeper = keepSnapshots(path, store, clock, silentLogger, 5_000);
  await keeper.giveUp();
  store.add("preparations", readReplayItems("preparations", body([preparation("1", "aa")]), "application/json") ?? []);
  keeper.resume();
  await keeper.stop();
  const again = createReplayStore(clock, () => fakeNetwork(clock.now()), 100);
  await loadSnapshot(path, again);
  expect(again.count("preparations")).toBe(1);
});

test("a snapshot of the version before, without the instant of receipt, is read", async () => {
  const path = join(folder, "replay.json");
  const clock = createFakeClock();
  const line = ["preparations", "1", clock.now() + 60_000, 0, JSON.stringify(preparation("1", "aa"))];
  await writeFile(path, `${JSON.stringify({ format: "slotkeeper-replay", version: 1 })}\n${JSON.stringify(line)}\n`);
  const store = createReplayStore(clock, () => fakeNetwork(clock.now()), 100);
  expect(await loadSnapshot(path, store)).toBeUndefined();
  expect(store.count("preparations")).toBe(1);
});
