import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { request, type ServerResponse } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import type { GatewaySettings } from "../settings.ts";
import { sendJson, type FakeNode, type SeenRequest } from "../testing/fake-node.ts";
import { fakeNetwork } from "../testing/fake-upstream.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

const headRoot = "/eth/v1/beacon/blocks/head/root";
const validators = "/eth/v1/beacon/states/head/validators";

async function start(nodes: FakeNode["answer"][], settings?: Partial<GatewaySettings>): Promise<TestGateway> {
  under = await startTestGateway(settings ? { nodes, settings } : { nodes });
  return under;
}

/** A node whose answers wait until the test gives them. */
function heldNode() {
  const waiting: { request: SeenRequest; response: ServerResponse }[] = [];
  const answer: FakeNode["answer"] = (seen, response) => void waiting.push({ request: seen, response });
  const asked = (count: number) => vi.waitFor(() => expect(waiting.length).toBeGreaterThanOrEqual(count));
  return { waiting, answer, asked };
}

const get = (gateway: TestGateway, path: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url + path, { headers });
const text = async (answer: Promise<Response>) => (await answer).text();
const ok =
  (value: unknown): FakeNode["answer"] =>
  (_q, response) =>
    sendJson(response, value);

/** Waits until the gateway has that many requests under way. */
const underWay = (gateway: TestGateway, count: number) =>
  vi.waitFor(() => expect(gateway.gateway.stats().inFlight).toBe(count));

async function shared(gateway: TestGateway): Promise<Record<string, number>> {
  const metrics = await gateway.metrics.metrics();
  const found = metrics.matchAll(/slotkeeper_gateway_shared_total\{group="test",result="(\w+)"\} (\d+)/g);
  return Object.fromEntries([...found].map(([, result, count]) => [String(result), Number(count)] as const));
}

test("one upstream call serves all who ask the same meanwhile, and those who ask later", async () => {
  const node = heldNode();
  const gateway = await start([node.answer]);
  const asking = Array.from({ length: 30 }, () => text(get(gateway, headRoot)));
  await underWay(gateway, 30);
  await node.asked(1);
  sendJson(node.waiting[0]?.response as ServerResponse, { data: { root: "0xaa" } });
  expect(new Set(await Promise.all(asking))).toEqual(new Set(['{"data":{"root":"0xaa"}}']));
  expect(await text(get(gateway, headRoot))).toBe('{"data":{"root":"0xaa"}}');
  expect(node.waiting).toHaveLength(1);
  expect(await shared(gateway)).toEqual({ led: 1, joined: 29, hit: 1, bypassed: 0 });
});

test("trap 9: from Electra on one call serves every committee of a slot", async () => {
  const data = { slot: "32000", index: "0", beacon_block_root: `0x${"aa".repeat(32)}` };
  const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: `0x${"bb".repeat(32)}` });
  const gateway = await start([ok({ data: { ...data, source: checkpoint(998), target: checkpoint(1000) } })]);
  const network = fakeNetwork(Date.now());
  network.spec.forks = [{ name: "electra", version: "0x05000000", epoch: 0 }];
  gateway.upstream.setNetwork(network);
  for (const committee of [0, 7, 63]) {
    const answer = await get(gateway, `/eth/v1/validator/attestation_data?slot=32000&committee_index=${committee}`);
    expect(answer.status).toBe(200);
  }
  expect(gateway.nodes[0]?.requests.map(({ url }) => url)).toEqual([
    "/eth/v1/validator/attestation_data?slot=32000&committee_index=0",
  ]);
});

test("when the view moves, the next one asks again", async () => {
  const gateway = await start([ok({ data: 1 })]);
  await text(get(gateway, headRoot));
  gateway.upstream.setView({ head: { slot: 32_001, root: `0x${"ab".repeat(32)}` } });
  await text(get(gateway, headRoot));
  expect(gateway.nodes[0]?.requests).toHaveLength(2);
});

test("hot path: a view that moves while a node is asked: all who wait get the answer, nobody later does", async () => {
  const node = heldNode();
  const gateway = await start([node.answer]);
  const first = text(get(gateway, headRoot));
  await node.asked(1);
  gateway.upstream.setView({ head: { slot: 32_001, root: `0x${"ab".repeat(32)}` } });
  const second = text(get(gateway, headRoot));
  await node.asked(2);
  sendJson(node.waiting[0]?.response as ServerResponse, { data: "the old view" });
  expect(await first).toBe('{"data":"the old view"}');
  sendJson(node.waiting[1]?.response as ServerResponse, { data: "the new view" });
  expect(await second).toBe('{"data":"the new view"}');
  // Its node is not known to have the new head: this answer was for the one who waited.
  void text(get(gateway, headRoot)).catch(() => undefined);
  await node.asked(3);
});

test("hot path: the last waiter leaving aborts the call; one of two leaving does not", async () => {
  const node = heldNode();
  const gateway = await start([node.answer]);
  const [one, two] = [new AbortController(), new AbortController()];
  const asking = [one, two].map(({ signal }) => fetch(gateway.url + headRoot, { signal }).catch(() => "gone"));
  await underWay(gateway, 2);
  await node.asked(1);
  const response = node.waiting[0]?.response as ServerResponse;
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  one.abort();
  await underWay(gateway, 1);
  expect(response.destroyed).toBe(false);
  two.abort();
  await closed;
  expect(await Promise.all(asking)).toEqual(["gone", "gone"]);
});

test("hot path: a leader's error is not shared: one of those who joined later leads one more call for all of them", async () => {
  const node = heldNode();
  const gateway = await start([node.answer]);
  const leader = get(gateway, headRoot);
  await node.asked(1);
  const joined = Array.from({ length: 10 }, () => get(gateway, headRoot));
  await underWay(gateway, 11);
  sendJson(node.waiting[0]?.response as ServerResponse, { message: "no" }, 500);
  expect((await leader).status).toBe(500);
  await node.asked(2);
  sendJson(node.waiting[1]?.response as ServerResponse, { data: 1 });
  expect((await Promise.all(joined)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(node.waiting).toHaveLength(2);
});

test("with every node failing nobody waits for turns: those who joined share the second call's failure", async () => {
  const node = heldNode();
  const gateway = await start([node.answer]);
  const leader = get(gateway, headRoot);
  await node.asked(1);
  const joined = Array.from({ length: 10 }, () => get(gateway, headRoot));
  await underWay(gateway, 11);
  for (const number of [0, 1]) {
    await node.asked(number + 1);
    sendJson(node.waiting[number]?.response as ServerResponse, {}, 500);
  }
  expect((await leader).status).toBe(500);
  expect((await Promise.all(joined)).map(({ status }) => status)).toEqual(Array(10).fill(500));
  expect(node.waiting).toHaveLength(2);
});

test.each([
  ["an error", (_q: SeenRequest, r: ServerResponse) => sendJson(r, {}, 404)],
  ["an optimistic answer", ok({ execution_optimistic: true, data: [] })],
])("%s is never kept", async (_what, answer) => {
  const gateway = await start([answer]);
  for (let i = 0; i < 2; i++) await text(get(gateway, validators));
  expect(gateway.nodes[0]?.requests).toHaveLength(2);
});

test("hot path: a body cut by a reset that looks complete goes to nobody: the next node is asked", async () => {
  const cut: FakeNode["answer"] = (_q, response) => {
    response.socket?.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"data":[1,2');
  };
  const gateway = await start([cut, ok({ data: [1, 2, 3] })]);
  const answer = await get(gateway, validators);
  expect([answer.headers.get("x-slotkeeper-node"), await answer.text()]).toEqual(["b", '{"data":[1,2,3]}']);
});

test("JSON and SSZ are asked for as the client prefers, in the gateway's own words, and never mixed", async () => {
  const gateway = await start([
    ({ headers }, response) => {
      const isSsz = String(headers.accept).startsWith("application/octet-stream");
      response.writeHead(200, { "content-type": isSsz ? "application/octet-stream" : "application/json" });
      response.end(isSsz ? Buffer.from([1, 2, 3]) : '{"data":1}');
    },
  ]);
  const wishes = [
    "application/json",
    "application/octet-stream;q=1,application/json;q=0.5",
    "*/*",
    "application/json;q=1",
  ];
  const got = [];
  for (const accept of wishes) got.push((await get(gateway, headRoot, { accept })).headers.get("content-type"));
  expect(got).toEqual(["application/json", "application/octet-stream", "application/json", "application/json"]);
  expect(gateway.nodes[0]?.requests.map(({ headers }) => headers.accept)).toEqual([
    "application/json",
    "application/octet-stream,application/json;q=0.9",
  ]);
});

test("what a client sends of itself does not reach the node of a shared call", async () => {
  const gateway = await start([ok({})]);
  await get(gateway, headRoot, { "user-agent": "mine", authorization: "Bearer secret", "x-strange": "1" });
  const { headers } = gateway.nodes[0]?.requests[0] as SeenRequest;
  expect(headers).toMatchObject({ accept: "application/json", "accept-encoding": "identity", "x-node-key": "secret" });
  expect([headers["user-agent"], headers.authorization, headers["x-strange"]]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("hot path: over the limit an answer is streamed to each who asked, and not kept", async () => {
  const large = JSON.stringify({ data: "x".repeat(200_000) });
  const node = heldNode();
  const gateway = await start([node.answer], { maxBufferedAnswerBytes: 50_000 });
  const send = (number: number) =>
    node.waiting[number]?.response.writeHead(200, { "content-type": "application/json" }).end(large);
  const asking = [0, 1, 2].map(() => text(get(gateway, validators)));
  await underWay(gateway, 3);
  await node.asked(1);
  send(0);
  await node.asked(3);
  send(1);
  send(2);
  expect((await Promise.all(asking)).map((body) => body === large)).toEqual([true, true, true]);
  expect(await gateway.metrics.metrics()).toContain('slotkeeper_gateway_buffered_bytes{group="test"} 0');
});

test("hot path: an answer is compressed once, for those who want it so", async () => {
  const big = { data: "x".repeat(5_000) };
  const gateway = await start([ok(big)]);
  const packed = (encoding: string) =>
    new Promise<{ encoding: unknown; body: Buffer }>((resolve) => {
      request(gateway.url + validators, { headers: { "accept-encoding": encoding } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve({ encoding: answer.headers["content-encoding"], body: Buffer.concat(chunks) }));
      }).end();
    });
  for (const answer of await Promise.all([packed("gzip"), packed("gzip"), packed("gzip, br")])) {
    expect(answer.encoding).toBe("gzip");
    expect(gunzipSync(answer.body).toString()).toBe(JSON.stringify(big));
  }
  expect((await packed("identity")).body.toString()).toBe(JSON.stringify(big));
  expect(gateway.nodes[0]?.requests).toHaveLength(1);
});

test("duties are shared by epoch and indices until a head event names another block for them", async () => {
  const root = (byte: string) => `0x${byte.repeat(32)}`;
  const gateway = await start([ok({ dependent_root: root("d1"), data: [] })]);
  const headEvent = (block: string, current: string) =>
    gateway.upstream.emit({
      ...{ node: "a", topic: "head", receivedAt: 0 },
      data: JSON.stringify({
        ...{ slot: "32000", block, previous_duty_dependent_root: root("d0"), current_duty_dependent_root: current },
      }),
    });
  const moveTo = (byte: string, slot: number) => {
    gateway.upstream.setView({ head: { slot, root: root(byte) } });
    gateway.upstream.patchStatus("a", { head: { slot, root: root(byte) } });
  };
  const ask = (body: string) =>
    fetch(`${gateway.url}/eth/v1/validator/duties/attester/1001`, {
      ...{ method: "POST", body, headers: { "content-type": "application/json" } },
    }).then((answer) => answer.text());
  headEvent(root("aa"), root("d1"));
  await ask('["1"]');
  headEvent(root("ab"), root("d1"));
  moveTo("ab", 32_001);
  await ask('[ "1" ]');
  expect(gateway.nodes[0]?.requests).toHaveLength(1);
  await ask('["2"]');
  expect(gateway.nodes[0]?.requests).toHaveLength(2);
  headEvent(root("ac"), root("d2"));
  moveTo("ac", 32_002);
  await ask('["1"]');
  expect(gateway.nodes[0]?.requests).toHaveLength(3);
});

test("a hold withholds what is in memory too, for everybody at once", async () => {
  const gateway = await start([ok({ data: { root: "0xaa" } })]);
  expect((await get(gateway, headRoot)).status).toBe(200);
  gateway.gateway.safety.hold("slashing", "test");
  expect((await get(gateway, headRoot)).status).toBe(503);
  gateway.gateway.safety.release("test");
  expect((await get(gateway, headRoot)).status).toBe(200);
});

test("hot path: bodies in memory are bounded: then bulk reads get 503, publishes and duties never", async () => {
  const gateway = await start([(_q, r) => sendJson(r, { data: "x".repeat(2_000) })], { maxBufferedBytes: 1_000 });
  const bulk = await get(gateway, validators);
  expect([bulk.status, ((await bulk.json()) as { reason: string }).reason]).toEqual([503, "overloaded"]);
  expect((await get(gateway, "/eth/v1/validator/duties/proposer/7")).status).toBe(200);
  const publish = await fetch(`${gateway.url}/eth/v2/beacon/pool/attestations`, { method: "POST", body: "[]" });
  expect(publish.status).toBe(200);
  expect(await gateway.metrics.metrics()).toContain('slotkeeper_gateway_buffered_bytes{group="test"} 0');
});

test("the cache stays within its bytes: what was not used for longest goes first", async () => {
  const gateway = await start([ok({ data: "x".repeat(10_000) })], { maxCacheBytes: 70_000 });
  const block = (id: number) => text(get(gateway, `/eth/v1/beacon/headers/${id}`));
  for (const id of [1, 2, 1, 3, 1, 4, 1]) await block(id);
  const asked = gateway.nodes[0]?.requests.map(({ url }) => url.at(-1));
  expect(asked).toEqual(["1", "2", "3", "4"]);
  await block(2);
  expect(gateway.nodes[0]?.requests).toHaveLength(5);
  const bytes = /cache_bytes\{group="test"\} (\d+)/.exec(await gateway.metrics.metrics())?.[1];
  expect(Number(bytes)).toBeLessThanOrEqual(70_000);
});

test("hot path: losing hedges drain: the slow node's connection lives on when its answer comes within a second", async () => {
  const slow = heldNode();
  const gateway = await start([slow.answer, ok({ data: 1 })]);
  let connections = 0;
  gateway.nodes[0]?.server.on("connection", () => connections++);
  expect((await get(gateway, "/eth/v1/beacon/states/head/fork")).headers.get("x-slotkeeper-node")).toBe("b");
  const { response } = slow.waiting[0] as { response: ServerResponse };
  expect(response.destroyed).toBe(false);
  sendJson(response, { data: 2 });
  await new Promise((resolve) => response.once("close", resolve));
  gateway.upstream.setView({ ready: ["a"] });
  const again = text(get(gateway, "/eth/v1/beacon/states/head/fork"));
  await slow.asked(2);
  sendJson(slow.waiting[1]?.response as ServerResponse, { data: 3 });
  expect(await again).toBe('{"data":3}');
  expect(connections).toBe(1);
});

test("hot path: losing hedges that keep silent are cut after a second", async () => {
  const slow = heldNode();
  const gateway = await start([slow.answer, ok({ data: 1 })]);
  await get(gateway, "/eth/v1/beacon/states/head/fork");
  const { response } = slow.waiting[0] as { response: ServerResponse };
  await new Promise((resolve) => response.once("close", resolve));
  expect(response.writableEnded).toBe(false);
});

test("a node that dies after many have begun to wait costs none of them an answer", async () => {
  const node = heldNode();
  const gateway = await start([node.answer, ok({ data: 1 })]);
  const asking = Array.from({ length: 5 }, () => get(gateway, validators));
  await underWay(gateway, 5);
  await node.asked(1);
  (node.waiting[0]?.response as ServerResponse).socket?.resetAndDestroy();
  expect((await Promise.all(asking)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

test("a client that is cut off in the middle of its request leaves nothing behind", async () => {
  const gateway = await start([ok({})]);
  const { port } = new URL(gateway.url);
  const socket = connect(Number(port), "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.write("POST /eth/v1/validator/duties/attester/7 HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n[");
  await underWay(gateway, 1);
  socket.destroy();
  await underWay(gateway, 0);
});
