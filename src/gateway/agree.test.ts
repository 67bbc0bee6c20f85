import { afterEach, expect, test } from "vitest";
import { attestationPath, attestationSsz, voting } from "./testing/attestation-answers.ts";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

const families = ["lighthouse/geth", "teku/besu", "nimbus/reth"];
let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

/** Nodes a, b, c of three client families. */
async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  for (const [index, family] of families.entries())
    if (index < nodes.length) under.upstream.patchStatus("abc"[index] ?? "", { clientFamily: family });
  return under;
}

async function ask(gateway: TestGateway, headers: Record<string, string> = {}) {
  const answer = await fetch(gateway.url + attestationPath, { headers });
  return {
    status: answer.status,
    by: answer.headers.get("x-slotkeeper-agreed"),
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

const silent: FakeNode["answer"] = () => undefined;
const head = (byte: string, slot = 32_000) => ({ slot, root: `0x${byte.repeat(32)}` });

test("two families agree: served, with the view's head, and the third is asked but not waited for", async () => {
  const gateway = await start(voting({ head: "01" }), voting({ head: "aa" }), silent);
  const answer = await ask(gateway);
  expect(answer).toMatchObject({ status: 200, by: "quorum" });
  expect(JSON.parse(answer.bytes.toString())).toMatchObject({ data: { beacon_block_root: head("aa").root } });
});

test("JSON of one and SSZ of another agree", async () => {
  const ssz: FakeNode["answer"] = (_q, r) =>
    r.writeHead(200, { "content-type": "application/octet-stream" }).end(attestationSsz());
  const gateway = await start(ssz, voting());
  expect(await ask(gateway, { accept: "application/octet-stream" })).toMatchObject({ status: 200, by: "quorum" });
});

test("a node that hangs costs no duty, and is probed", async () => {
  const gateway = await start(voting(), silent);
  expect(await ask(gateway)).toMatchObject({ status: 200, by: "view" });
  expect(gateway.upstream.suspected).toContain("b");
  const { items } = gateway.evidence.readAfter(0);
  expect(items[0]?.item.answers).toContainEqual(expect.objectContaining({ node: "a", outcome: "agreed-by-view" }));
});

test("a node that leaves the ready ones is not waited for any longer", async () => {
  const gateway = await start(voting(), silent);
  const answer = ask(gateway);
  await expect.poll(() => gateway.nodes[1]?.requests.length).toBe(1);
  gateway.upstream.setView({ ready: ["a"], signingInputs: ["a"] });
  expect(await answer).toMatchObject({ status: 200, by: "view" });
});

test("a stale node and one on another fork cost no duty", async () => {
  for (const other of [head("02", 31_990), head("03")]) {
    const gateway = await start(voting(), voting({ head: other.root.slice(2, 4), target: [1_000, "ee"] }));
    gateway.upstream.patchStatus("b", { head: other });
    expect(await ask(gateway)).toMatchObject({ status: 200, by: "view" });
    await under?.stop();
  }
});

test("families that contradict each other on one head: 503, after they were asked again", async () => {
  const gateway = await start(voting(), voting({ source: [999, "ee"] }));
  const answer = await fetch(gateway.url + attestationPath);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ reason: "no-agreement" });
  expect(gateway.nodes[0]?.requests.length).toBeGreaterThan(1);
  expect(await gateway.metrics.metrics()).toContain('attestation_data_agreed_total{group="test",by="nobody"} 1');
});

test("a contradiction that ends while they are asked again costs nothing", async () => {
  const gateway = await start(voting(), (request, response) =>
    voting(gateway.nodes[1]?.requests.length === 1 ? { target: [1_000, "ee"] } : {})(request, response),
  );
  expect(await ask(gateway)).toMatchObject({ status: 200, by: "quorum" });
});

test("garbage of one node is no vote: the others are served", async () => {
  const gateway = await start(
    (_q, r) => r.writeHead(200, { "content-type": "application/json" }).end('{"data":{"slot":"32000"'),
    voting(),
    voting(),
  );
  expect(await ask(gateway)).toMatchObject({ status: 200, by: "quorum" });
});

test("with one family the first good answer is served, and garbage is passed over", async () => {
  const gateway = await start((_q, r) => sendJson(r, { data: {} }), voting());
  for (const node of ["a", "b"]) gateway.upstream.patchStatus(node, { clientFamily: "teku/besu" });
  expect(await ask(gateway)).toMatchObject({ status: 200, by: null });
  gateway.upstream.setView({ ready: ["a"] });
  expect((await ask(gateway)).status).toBe(503);
});

test("a source epoch below one that was served is refused, and another node is tried first", async () => {
  const gateway = await start(voting({ source: [999, "bb"] }), voting({ source: [997, "cc"] }));
  for (const node of ["a", "b"])
    gateway.upstream.patchStatus(node, { clientFamily: "teku/besu", justified: { epoch: 999, root: "" } });
  expect((await ask(gateway)).status).toBe(200);
  expect(gateway.gateway.safety.status().sourceWatermark?.epoch).toBe(999);
  gateway.upstream.setView({ ready: ["b", "a"] });
  expect((await ask(gateway)).status).toBe(200);
  gateway.upstream.setView({ ready: ["b"] });
  const answer = await fetch(gateway.url + attestationPath);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ reason: "source-regressed" });
  gateway.gateway.safety.resetWatermark("anna");
  expect((await ask(gateway)).status).toBe(200);
});

test("while it is held nothing is served to sign over, and publishing stays open", async () => {
  const gateway = await start(voting(), voting());
  gateway.gateway.safety.hold("slashing seen", "anna");
  const answer = await fetch(gateway.url + attestationPath);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    reason: "held",
    message: expect.stringContaining("anna: slashing seen") as string,
  });
  expect((await fetch(`${gateway.url}/eth/v3/validator/blocks/32000`)).status).toBe(503);
  const published = await fetch(`${gateway.url}/eth/v2/beacon/pool/attestations`, { method: "POST", body: "[]" });
  expect(published.status).toBe(200);
  gateway.gateway.safety.release("anna");
  expect((await ask(gateway)).status).toBe(200);
});
