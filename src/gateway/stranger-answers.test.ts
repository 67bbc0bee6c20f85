import { afterEach, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { readReplies } from "./testing/read-replies.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** Beacon nodes that nobody here has ever run: odd but legal answers. */

let under: TestGateway | undefined;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(...nodes: FakeNode["answer"][]): Promise<TestGateway> {
  under = await startTestGateway({ nodes });
  return under;
}

const says =
  (status: number, body = "", headers: Record<string, string> = {}): FakeNode["answer"] =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const good: FakeNode["answer"] = (_request, response) => sendJson(response, { data: {} });

async function ask(gateway: TestGateway, path: string, method = "GET") {
  const text = await gateway.raw(
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  );
  const [reply] = readReplies(text);
  if (!reply) throw new Error("no answer");
  return reply;
}

const block = "/eth/v2/beacon/blocks/head";
const genesis = "/eth/v1/beacon/genesis";
const ptc = "/eth/v1/validator/payload_attestation_data?slot=1";
const votes = "/eth/v2/beacon/pool/attestations";
const text = { "content-type": "text/plain" };

test.each([
  [200, "not JSON at all", text],
  [404, "404 page not found\n", text],
  [400, "Bad \xe9 request", {}],
  [410, "", {}],
  [418, '{"code":418}', { "content-type": "application/problem+json; charset=utf-8" }],
])("a read that is passed through with %i %j comes as it is", async (status, body, headers) => {
  const gateway = await start((_request, response) =>
    response.writeHead(status, headers as Record<string, string>).end(body, "latin1"),
  );
  const reply = await ask(gateway, block);
  expect([reply.status, reply.body]).toEqual([status, body]);
  expect(reply.headers["content-type"]).toBe((headers as Record<string, string>)["content-type"]);
});

test.each([404, 400, 410])("a shared read: %i with a text comes as it is, and is not kept", async (status) => {
  const gateway = await start(says(status, "no such thing", text));
  for (let time = 1; time <= 2; time++) {
    const reply = await ask(gateway, genesis);
    expect([reply.status, reply.body, reply.headers["content-type"]]).toEqual([status, "no such thing", "text/plain"]);
    expect(gateway.nodes[0]?.requests).toHaveLength(time);
  }
});

test("204 means what it means where the route knows it: no body, no length, and the connection goes on", async () => {
  const gateway = await start(says(204));
  const one = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n`;
  const replies = readReplies(await gateway.raw(`${one(ptc)}\r\n${one(block)}Connection: close\r\n\r\n`));
  expect(replies.map(({ status }) => status)).toEqual([204, 204]);
  for (const { headers } of replies) expect(headers["content-length"]).toBeUndefined();
});

test.each([200, 202, 204, 299])("a publish is taken with any 2xx: %i", async (status) => {
  const gateway = await start(says(500), says(status));
  for (const path of [votes, "/eth/v1/beacon/pool/voluntary_exits", "/eth/v2/beacon/blocks"])
    expect((await ask(gateway, path, "POST")).status).toBe(status);
});

test.each([
  [206, "still syncing"],
  [401, "the gateway's own key is not this node's"],
  [403, "closed here"],
  [405, "a route of another version"],
  [408, "too slow for this node"],
  [413, "too long for this node"],
  [414, "too long for this node"],
  [429, "busy"],
  [500, "broken"],
  [501, "never heard of"],
  [503, "not now"],
  [599, "nonsense"],
])("what one node answers %i to (%s) another is asked, and nobody is asked twice", async (status) => {
  const gateway = await start(says(status, "{}", { "content-type": "application/json" }), good);
  for (const path of [genesis, "/eth/v1/validator/execution_payload_bids/1/1", ptc]) {
    const reply = await ask(gateway, path);
    expect([path, reply.status, reply.headers["x-slotkeeper-node"]]).toEqual([path, 200, "b"]);
  }
  expect(gateway.nodes[1]?.requests).toHaveLength(3);
});

test("a node that packs unasked, names headers oddly or repeats them is passed on as it is", async () => {
  const headers = ["X-Odd", "\xe9", "x-many", "1", "X-Many", "2", "content-type", "application/json", "Trailer", "x-t"];
  const gateway = await start((_request, response) => void response.writeHead(200, headers).end('{"data":1}'));
  for (const path of [genesis, genesis, block]) {
    const reply = await ask(gateway, path);
    expect(reply.headers).toMatchObject({ "x-odd": "\xe9", "x-many": "1, 2" });
    expect(reply.headers["trailer"]).toBeUndefined();
    expect(reply.body).toBe('{"data":1}');
  }
});

test("a node of HTTP/1.0, which ends its answers by closing, is understood", async () => {
  const gateway = await start((_request, response) => {
    response.socket?.end('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"data":{"old":1}}');
  });
  for (const path of [genesis, block, ptc]) expect((await ask(gateway, path)).body).toBe('{"data":{"old":1}}');
});

test("HEAD of whatever a node answers has its status and headers and no body", async () => {
  for (const status of [200, 202, 204, 404, 500]) {
    const gateway = await start(
      says(status, status === 204 ? "" : '{"data":{}}', { "content-type": "application/json" }),
    );
    for (const path of [genesis, block, ptc]) {
      const bytes = await gateway.raw(`HEAD ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(readReplies(bytes, [0])[0]?.status).toBe(status);
      expect(bytes.endsWith("\r\n\r\n")).toBe(true);
    }
    await gateway.stop();
  }
});

test("a duty that one node's version does not know is asked of another; 404 is told where none knows it", async () => {
  const old = says(404, '{"code":404,"message":"route not found"}', { "content-type": "application/json" });
  const paths = [
    ["GET", "/eth/v2/validator/duties/proposer/1000"],
    ["POST", "/eth/v1/validator/duties/ptc/1000"],
    ["POST", "/eth/v1/validator/beacon_committee_selections"],
  ] as const;
  const mixed = await start(old, good);
  for (const [method, path] of paths) expect((await ask(mixed, path, method)).headers["x-slotkeeper-node"]).toBe("b");
  await mixed.stop();
  const alike = await start(old, old);
  for (const [method, path] of paths) expect((await ask(alike, path, method)).status).toBe(404);
});

test("an event stream for a client of HTTP/1.0 comes without chunks, as it is", async () => {
  const gateway = await start(good);
  const tell = (received: string) => {
    if (received.includes("retry:"))
      gateway.upstream.emit({ node: "a", topic: "block", data: '{"slot":"1"}', receivedAt: 0 });
    return received.includes("event:");
  };
  const bytes = await gateway.raw("GET /eth/v1/events?topics=block HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n", tell);
  expect(bytes).not.toMatch(/transfer-encoding|content-encoding/i);
  expect(bytes).toMatch(/\r\n\r\nretry: [0-9]+\n\nevent: block\ndata: \{"slot":"1"\}\n\n$/);
});
