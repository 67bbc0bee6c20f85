import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { AuditRecord } from "../access/audit.ts";
import type { GroupStatus } from "../control/types.ts";
import { startSimGateway, type SimGateway } from "./testing/sim-gateway.ts";

const recipient = "0x".padEnd(42, "a");
const everyValidator = Array.from({ length: 64 }, (_, index) => String(index));

let sim: SimGateway;
afterEach(() => sim.stop());

const operatorOf = ({ nodes }: GroupStatus, name: string) => nodes.find(({ node }) => node === name)?.operator;
const waitsOf = ({ drains }: GroupStatus, name: string) =>
  drains?.find(({ node }) => node === name)?.waitsFor.map(({ kind }) => kind) ?? [];
const prepare = (indices: readonly string[]) =>
  sim.post(
    "/eth/v1/validator/prepare_beacon_proposer",
    indices.map((index) => ({ validator_index: index, fee_recipient: recipient })),
  );
const get = (path: string) => fetch(`${sim.url}${path}`, { headers: { connection: "close" } });
const epochNow = () => Math.floor(sim.node("a").sight().slot / 8);

test("a node on which nothing depends is out at once, and comes back once it was told what it missed", async () => {
  sim = await startSimGateway(["a", "b"]);
  await sim.control.drain("main", "a", "alice", false);
  const out = await sim.groupWhere((group) => operatorOf(group, "a") === "maintenance");
  expect(out.drains).toMatchObject([{ node: "a", by: "alice", waitsFor: [] }]);
  expect(out.view.ready).toEqual(["b"]);
  // What clients say while it is away reaches it with the return.
  expect((await prepare(["1"])).status).toBe(200);
  expect(sim.node("a").preparations().size).toBe(0);
  await sim.control.setOperatorState("main", "a", "active", "alice");
  const back = await sim.groupWhere(({ view }) => view.ready.includes("a"));
  expect(sim.node("a").preparations().get(1)).toBe(recipient);
  expect(back.drains).toBeUndefined();
});

test("while our validators propose the node stays: the drain survives a restart, and insisting ends it", async () => {
  sim = await startSimGateway(["a", "b"]);
  await prepare(everyValidator);
  for (const epoch of [epochNow(), epochNow() + 1]) {
    const answer = await get(`/eth/v1/validator/duties/proposer/${epoch}`);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  }
  await sim.control.drain("main", "a", "alice", false);
  const waiting = await sim.groupWhere((group) => waitsOf(group, "a").includes("proposal"));
  expect(waiting.proposals?.length).toBeGreaterThan(0);
  expect(waiting.view.ready).toEqual(["b"]);
  await sim.stopGateway();
  await sim.startGateway();
  const after = await sim.groupWhere((group) => waitsOf(group, "a").includes("proposal"));
  expect(operatorOf(after, "a")).toBe("draining");
  expect(after.drains).toMatchObject([{ node: "a", by: "alice" }]);
  await sim.control.drain("main", "a", "bob", true);
  await sim.groupWhere((group) => operatorOf(group, "a") === "maintenance");
});

test("validators that a client asks duties for are ours: their proposals are known from the answers that pass", async () => {
  sim = await startSimGateway(["a"]);
  const answer = await get(`/eth/v1/validator/duties/proposer/${epochNow() + 1}`);
  const { data } = (await answer.json()) as { data: { slot: string; validator_index: string }[] };
  expect((await sim.groupWhere(() => true)).proposals).toEqual([]);
  const [mine] = data;
  await sim.post(`/eth/v1/validator/duties/attester/${epochNow()}`, [mine?.validator_index]);
  const { proposals } = await sim.groupWhere((group) => (group.proposals ?? []).length > 0);
  expect(proposals).toContainEqual({ slot: Number(mine?.slot), validatorIndex: Number(mine?.validator_index) });
});

test("the last ready node goes on serving, and leaves as soon as another one is ready", async () => {
  sim = await startSimGateway(["a", "b"]);
  await sim.control.setOperatorState("main", "b", "cordoned", "alice");
  await sim.control.drain("main", "a", "alice", false);
  const waiting = await sim.groupWhere((group) => waitsOf(group, "a").includes("last-ready-node"));
  expect(waiting.view).toMatchObject({ kind: "serving", ready: ["a"] });
  expect(
    (await get(`/eth/v1/validator/attestation_data?slot=${sim.node("a").sight().slot}&committee_index=0`)).status,
  ).toBe(200);
  await sim.control.setOperatorState("main", "b", "active", "alice");
  await sim.groupWhere((group) => operatorOf(group, "a") === "maintenance");
});

test("a block that only the node can publish is waited for, and published there while it drains", async () => {
  sim = await startSimGateway(["a", "b"]);
  const slot = sim.node("a").sight().slot + 1;
  const produced = await get(`/eth/v3/validator/blocks/${slot}?randao_reveal=0x${"11".repeat(96)}`);
  const builder = produced.headers.get("x-slotkeeper-node") ?? "";
  const { data, version } = (await produced.json()) as { data: { block?: unknown }; version: string };
  expect(["a", "b"]).toContain(builder);
  await sim.control.drain("main", builder, "alice", false);
  const waiting = await sim.groupWhere((group) => operatorOf(group, builder) !== "active");
  expect(waitsOf(waiting, builder)).toContain("creator-lease");
  const signature = `0x${"22".repeat(96)}`;
  const message = data.block ?? data;
  const signed = data.block
    ? { ...data, block: undefined, signed_block: { message, signature } }
    : { message, signature };
  sim.node(builder).clearReceived();
  const published = await sim.post("/eth/v2/beacon/blocks", signed, { "eth-consensus-version": version });
  expect(published.status).toBe(200);
  expect(sim.node(builder).received({ path: "/eth/v2/beacon/blocks" })).toHaveLength(1);
  await sim.groupWhere((group) => operatorOf(group, builder) === "maintenance");
});

test("a drain is called off by uncordoning, and draining what is out already changes nothing", async () => {
  sim = await startSimGateway(["a", "b"]);
  await sim.control.setOperatorState("main", "b", "cordoned", "alice");
  await sim.control.drain("main", "a", "alice", false);
  await sim.control.setOperatorState("main", "a", "active", "bob");
  const group = await sim.groupWhere(() => true);
  expect(operatorOf(group, "a")).toBe("active");
  expect(group.drains).toBeUndefined();
  await sim.control.setOperatorState("main", "b", "maintenance", "alice");
  await sim.control.drain("main", "b", "carol", false);
  expect((await sim.groupWhere(() => true)).drains).toMatchObject([{ node: "b", by: "alice", waitsFor: [] }]);
});

test("the audit has who asked for a drain, and its end", async () => {
  sim = await startSimGateway(["a", "b"]);
  await sim.control.drain("main", "a", "alice", false);
  await sim.groupWhere((group) => operatorOf(group, "a") === "maintenance");
  const lines = readFileSync(join(sim.folder, "data", "gateway.audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line) as AuditRecord)).toMatchObject([
    { actor: "alice", action: "node.draining", target: "gateway/main/a", result: "asked" },
    { actor: "alice", action: "node.draining", result: "done (asked in record 1)" },
    { actor: "gateway", action: "node.maintenance", target: "gateway/main/a", result: "asked" },
    { actor: "gateway", action: "node.maintenance", result: "done (asked in record 3)" },
  ]);
});
