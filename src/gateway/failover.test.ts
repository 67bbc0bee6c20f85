import { afterEach, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

/** A cheap signing input whose answers are never kept. */
const attestation = "/eth/v1/validator/payload_attestation_data?slot=1";
const from =
  (name: string): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(response, { data: { from: name } });
const silent: FakeNode["answer"] = () => undefined;

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  return under;
}

async function served(
  gateway: TestGateway,
  path = attestation,
): Promise<{ status: number; node: string | null; text: string; ms: number }> {
  const startedAt = performance.now();
  const answer = await fetch(gateway.url + path);
  const text = await answer.text();
  return {
    status: answer.status,
    node: answer.headers.get("x-slotkeeper-node"),
    text,
    ms: performance.now() - startedAt,
  };
}

test("the first ready node serves, and the answer says which it was", async () => {
  const gateway = await start(from("a"), from("b"));
  const answer = await served(gateway);
  expect(answer).toMatchObject({ status: 200, node: "a", text: '{"data":{"from":"a"}}' });
  expect(gateway.nodes[1]?.requests).toHaveLength(0);
});

test("a node that refuses connections is passed over within the same request and reported", async () => {
  const gateway = await start(from("a"), from("b"));
  await gateway.nodes[0]?.close();
  expect(await served(gateway)).toMatchObject({ status: 200, node: "b" });
  expect(gateway.upstream.observations).toContainEqual(expect.objectContaining({ node: "a", outcome: "refused" }));
});

test("a connection reset before the answer is passed over", async () => {
  const gateway = await start((_q, response) => response.socket?.resetAndDestroy(), from("b"));
  expect(await served(gateway)).toMatchObject({ status: 200, node: "b" });
});

test("hot path: a reset in the middle of a body is passed over, and nothing of that body reaches the client", async () => {
  const half: FakeNode["answer"] = (_q, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"data":{"from":"a"', () => response.socket?.destroy());
  };
  const gateway = await start(half, from("b"));
  expect(await served(gateway)).toMatchObject({ status: 200, node: "b", text: '{"data":{"from":"b"}}' });
});

test.each([500, 502, 503, 206, 429])("an answer of %i is passed over", async (status) => {
  const gateway = await start((_q, response) => sendJson(response, { code: status }, status), from("b"));
  expect(await served(gateway)).toMatchObject({ status: 200, node: "b" });
});

test("a web page with status 200 is garbage, not an answer", async () => {
  const page: FakeNode["answer"] = (_q, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  const gateway = await start(page, from("b"));
  expect(await served(gateway)).toMatchObject({ status: 200, node: "b" });
  expect(gateway.upstream.observations).toContainEqual(expect.objectContaining({ node: "a", outcome: "garbage" }));
});

test.each([
  ['{"data":', "application/json"],
  ['{"execution_optimistic":true,"data":{}}', "application/json"],
])("a signing input %s is not served", async (body, type) => {
  const gateway = await start((_q, response) => response.writeHead(200, { "content-type": type }).end(body), from("b"));
  expect(await served(gateway, "/eth/v1/beacon/blocks/head/root")).toMatchObject({ status: 200, node: "b" });
});

test("a node that hangs is left for the next long before the deadline, and is suspected", async () => {
  const gateway = await start(silent, from("b"));
  const answer = await served(gateway);
  expect(answer).toMatchObject({ status: 200, node: "b" });
  expect(answer.ms).toBeLessThan(1_000);
  expect(gateway.upstream.suspected).toEqual(["a"]);
  // The next request does not wait again, though the health machine has not moved yet.
  const next = await served(gateway);
  expect(next.node).toBe("b");
  expect(next.ms).toBeLessThan(150);
});

test("two hung nodes before the good one still end long before the deadline", async () => {
  const gateway = await start(silent, silent, from("c"));
  const answer = await served(gateway);
  expect(answer).toMatchObject({ status: 200, node: "c" });
  expect(answer.ms).toBeLessThan(1_000);
});

test("with every node failing, the client learns why", async () => {
  const gateway = await start(
    (_q, r) => r.socket?.destroy(),
    (_q, r) => sendJson(r, { code: 500, message: "broken" }, 500),
  );
  expect(await served(gateway)).toMatchObject({ status: 500, text: expect.stringContaining("broken") as string });
  await gateway.nodes[1]?.close();
  expect(await served(gateway)).toMatchObject({ status: 503, text: expect.stringContaining("node-failed") as string });
});

test("hot path: a kept-alive connection that the node closes under an unrepeatable request is repeated once", async () => {
  const gateway = await start(from("a"), from("b"));
  const post = () => fetch(`${gateway.url}/eth/v1/beacon/something_new`, { method: "POST", body: "[]" });
  expect((await post()).headers.get("x-slotkeeper-node")).toBe("a");
  const node = gateway.nodes[0] as FakeNode;
  node.answer = (request, response) => {
    node.answer = from("a");
    void request;
    response.socket?.destroy();
  };
  expect((await post()).status).toBe(200);
  expect(node.requests).toHaveLength(3);
  expect(gateway.nodes[1]?.requests).toHaveLength(0);
});

test("hot path: an unrepeatable request that a node answered with 500 goes to no other node", async () => {
  const gateway = await start((_q, r) => sendJson(r, {}, 500), from("b"));
  const answer = await fetch(`${gateway.url}/eth/v1/beacon/something_new`, { method: "POST", body: "[]" });
  expect(answer.status).toBe(500);
  expect(gateway.nodes[1]?.requests).toHaveLength(0);
});

test("hot path: a node that dies in the middle of a streamed answer breaks the client's connection", async () => {
  const half: FakeNode["answer"] = (_q, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.write(Buffer.alloc(200_000, 1), () => response.socket?.destroy());
  };
  const gateway = await start(half, from("b"));
  const answer = await fetch(`${gateway.url}/eth/v2/beacon/blocks/head`);
  await expect(answer.arrayBuffer()).rejects.toThrow();
});

test("an answer larger than the buffer is streamed through whole", async () => {
  const body = Buffer.alloc(20 * 1024 * 1024, "x");
  const gateway = await start((_q, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(body),
  );
  const answer = await fetch(`${gateway.url}/eth/v1/beacon/states/head/validators`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
});

test("a client that goes away ends the call to the node", async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const gateway = await start((_q, response) => {
    response.on("close", closed);
    asked();
  });
  const abort = new AbortController();
  const call = fetch(`${gateway.url}/eth/v2/beacon/blocks/head`, { signal: abort.signal });
  await isAsked;
  abort.abort();
  await expect(call).rejects.toThrow();
  await isClosed;
  expect(gateway.gateway.stats().inFlight).toBe(0);
});

test("a hung node on a slow route is probed, and left at once when the health machine agrees", async () => {
  const gateway = await start(silent, from("b"));
  const call = served(gateway, "/eth/v3/validator/blocks/7?randao_reveal=0x");
  await expect.poll(() => gateway.upstream.suspected).toEqual(["a"]);
  gateway.upstream.setView({ ready: ["b"] });
  const answer = await call;
  expect(answer).toMatchObject({ status: 200, node: "b" });
  expect(answer.ms).toBeLessThan(1_000);
});

test("hot path: a slow block build on a healthy node is waited for, though another node has built one", async () => {
  const slow: FakeNode["answer"] = (_q, response) =>
    void setTimeout(() => sendJson(response, { data: { from: "a" } }), 700);
  const gateway = await start(slow, from("b"));
  expect(await served(gateway, "/eth/v3/validator/blocks/7?randao_reveal=0x")).toMatchObject({
    status: 200,
    node: "a",
  });
  expect(gateway.nodes[1]?.requests).toHaveLength(1);
});

test("duties from a hung node come from the next long before the deadline", async () => {
  const gateway = await start(silent, from("b"));
  const startedAt = performance.now();
  const answer = await fetch(`${gateway.url}/eth/v1/validator/duties/attester/1`, { method: "POST", body: "[]" });
  expect(answer.headers.get("x-slotkeeper-node")).toBe("b");
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("a reload moves requests to the new nodes and keeps the listener", async () => {
  const gateway = await start(from("a"), from("b"));
  const [, b] = gateway.nodes;
  gateway.gateway.reconfigure([{ name: "a", url: b?.url ?? "", headers: {} }]);
  expect(await served(gateway)).toMatchObject({ status: 200, text: '{"data":{"from":"b"}}' });
});

test("a drain answers what is under way, closes streams and connections, and accepts no more", async () => {
  const gateway = await start((_q, response) => void setTimeout(() => sendJson(response, { late: true }), 200));
  const stream = await fetch(`${gateway.url}/eth/v1/events?topics=head`);
  const call = served(gateway, "/eth/v2/beacon/blocks/head");
  await expect.poll(() => gateway.nodes[0]?.requests.length).toBe(1);
  const drained = gateway.gateway.drain();
  expect(await call).toMatchObject({ status: 200 });
  await stream.text();
  await drained;
  expect(gateway.gateway.stats().openSockets).toBe(0);
  await expect(fetch(`${gateway.url}/eth/v1/node/version`)).rejects.toThrow();
});
