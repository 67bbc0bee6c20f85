import { connect, type Socket } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** Rules of the hot path that are not about hostile requests (those are in `hostile.test.ts`), one test each. */

let under: TestGateway;
let node: FakeNode;
let sockets: Socket[] = [];
beforeEach(async () => {
  under = await startTestGateway({
    nodes: [(_request, response) => sendJson(response, { data: [] })],
    settings: { maxReadBodyBytes: 10_000, maxPublishBodyBytes: 10_000, headersTimeoutMs: 400, requestTimeoutMs: 800 },
  });
  node = under.nodes[0] as FakeNode;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await under.stop();
});

const block = "/eth/v2/beacon/blocks/head";
const pool = "/eth/v1/beacon/pool/attestations";
const status = (text: string) => Number(text.slice(9, 12));

function dial(): Promise<Socket> {
  const socket = connect(under.gateway.address.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
}

describe("bodies that are packed", () => {
  const items = JSON.stringify([{ data: "x".repeat(500) }]);

  test.each([
    ["gzip", gzipSync(items)],
    ["x-gzip", gzipSync(items)],
    ["GZIP", gzipSync(items)],
    ["deflate", deflateSync(items)],
  ])("%s request bodies are unpacked, and go to nodes plain", async (coding, body) => {
    const headers = { "content-encoding": coding, "content-type": "application/json" };
    const answer = await fetch(under.url + pool, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
    expect(node.requests[0]?.body).toBe(items);
    expect(node.requests[0]?.headers).toMatchObject({ "content-length": String(items.length) });
    expect(node.requests[0]?.headers["content-encoding"]).toBeUndefined();
  });

  test("preparations in gzip are remembered like any others", async () => {
    const body = JSON.stringify([{ validator_index: "1", fee_recipient: `0x${"ab".repeat(20)}` }]);
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    const url = `${under.url}/eth/v1/validator/prepare_beacon_proposer`;
    expect((await fetch(url, { method: "POST", headers, body: gzipSync(body) })).status).toBe(200);
    expect(node.requests[0]?.body).toBe(body);
  });

  test("a small body that unpacks to more than the limit is refused", async () => {
    const body = gzipSync("x".repeat(1_000_000));
    expect(body.length).toBeLessThan(10_000);
    const answer = await fetch(under.url + pool, { method: "POST", headers: { "content-encoding": "gzip" }, body });
    expect(answer.status).toBe(413);
    expect(node.requests).toHaveLength(0);
  });

  test("a body that is not what its Content-Encoding says is refused", async () => {
    const answer = await fetch(under.url + pool, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: "[]",
    });
    expect(answer.status).toBe(400);
    expect(node.requests).toHaveLength(0);
  });

  test("on a route that is passed through, packed bytes stay as they are", async () => {
    const body = gzipSync("[]");
    const headers = { "content-encoding": "gzip" };
    await fetch(`${under.url}/eth/v1/beacon/a_fork_to_come`, { method: "POST", headers, body });
    expect(node.requests[0]?.headers).toMatchObject({
      "content-encoding": "gzip",
      "content-length": String(body.length),
    });
  });
});

test("hot path: HEAD asks the node with GET, and carries the length without the body", async () => {
  const answer = await fetch(under.url + block, { method: "HEAD" });
  expect([answer.status, await answer.text(), node.requests[0]?.method]).toEqual([200, "", "GET"]);
});

test("hot path: 1xx of a node are ignored: the answer behind them counts", async () => {
  node.answer = (_request, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    sendJson(response, { data: "real" });
  };
  const text = await under.raw(`GET ${block} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(status(text)).toBe(200);
  expect(text).toContain('"real"');
  expect(text).not.toContain("103");
});

test("hot path: trailers of client and node are dropped", async () => {
  node.answer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json", trailer: "x-node-trailer" });
    response.write("[");
    response.addTrailers({ "x-node-trailer": "1" });
    response.end("]");
  };
  const head = `POST ${pool} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Mine\r\nConnection: close\r\n\r\n`;
  const text = await under.raw(`${head}2\r\n[]\r\n0\r\nX-Mine: 1\r\n\r\n`);
  expect(status(text)).toBe(200);
  expect(text.toLowerCase()).not.toContain("trailer");
  expect(JSON.stringify(node.requests[0]?.rawHeaders).toLowerCase()).not.toMatch(/trailer|x-mine/);
});

test("an upgrade is not made: the request is answered as what it is without it", async () => {
  const lines = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"];
  const text = await under.raw([`GET ${block} HTTP/1.1`, "Host: x", ...lines, "", ""].join("\r\n"), (all) =>
    all.includes("data"),
  );
  expect(status(text)).toBe(200);
  expect(node.requests[0]?.headers).not.toHaveProperty("upgrade");
  expect(node.requests[0]?.headers).not.toHaveProperty("http2-settings");
});

test("a URL of 12 kB, a hundred public keys, is served; one of 20 kB is refused", async () => {
  const query = (count: number) => Array.from({ length: count }, () => `id=0x${"ab".repeat(48)}`).join("&");
  const path = "/eth/v1/beacon/states/head/validators?";
  expect((await fetch(under.url + path + query(120))).status).toBe(200);
  expect(node.requests[0]?.url).toBe(path + query(120));
  const text = await under.raw(`GET ${path}${query(200)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(status(text)).toBe(431);
});

describe("slowloris", () => {
  test("a header that drips in byte by byte is cut at the header limit, however lively", async () => {
    const socket = await dial();
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const isClosed = new Promise((resolve) => socket.once("close", resolve));
    const drip = setInterval(() => socket.writable && socket.write("x"), 20);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    await isClosed;
    clearInterval(drip);
    expect(status(text)).toBe(408);
  });

  test("a body that drips in is cut at the request limit, though its sender does not read why", async () => {
    const socket = await dial();
    const drip = setInterval(() => socket.writable && socket.write("x"), 20);
    socket.write(`POST ${pool} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n`);
    await expect.poll(() => under.gateway.stats().inFlight).toBe(1);
    await expect.poll(() => under.gateway.stats().openSockets, { timeout: 5_000 }).toBe(0);
    clearInterval(drip);
    expect(under.gateway.stats().inFlight).toBe(0);
    expect(node.requests).toHaveLength(0);
  });

  test("a hundred of them hinder nobody", async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, dial));
    for (const socket of slow) socket.write("GET / HTTP/1.1\r\nHost: ");
    expect((await fetch(under.url + block)).status).toBe(200);
  });
});

test("a half-open connection: a client that closed its side is gone, and what was asked for it is given up", async () => {
  let isAborted: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (isAborted = resolve));
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  node.answer = (_request, response) => {
    response.once("close", isAborted);
    isAsked();
  };
  const socket = await dial();
  socket.write(`GET ${block} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await asked;
  socket.end();
  await aborted;
  await expect.poll(() => under.gateway.stats().inFlight).toBe(0);
});

test("requests one behind the other on one connection are answered in order, POST and HEAD among them", async () => {
  node.answer = (request, response) => sendJson(response, { path: request.url.split("/").at(-1) });
  const get = (id: number, method = "GET") => `${method} /eth/v2/beacon/blocks/${id} HTTP/1.1\r\nHost: x\r\n`;
  const post = `POST ${pool} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]`;
  const text = await under.raw(`${get(1)}\r\n${post}${get(2, "HEAD")}\r\n${get(3)}Connection: close\r\n\r\n`);
  expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(4);
  expect([...text.matchAll(/"path":"([^"]*)"/g)].map(([, id]) => id)).toEqual(["1", "attestations", "3"]);
});

test("a client of HTTP/1.0 is answered and its connection closed", async () => {
  const text = await under.raw(`GET ${block} HTTP/1.0\r\nHost: x\r\n\r\n`);
  expect(status(text)).toBe(200);
  expect(text).toMatch(/\{"data":\[\]\}$/);
});

test("after a refused request the connection goes on, where nothing on it can be mistaken", async () => {
  const deny = `GET /lighthouse/health HTTP/1.1\r\nHost: x\r\n\r\n`;
  const text = await under.raw(`${deny}GET ${block} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 403", "HTTP/1.1 200"]);
});

test("hot path: with memory full bulk is refused and publishing is not", async () => {
  await under.stop();
  under = await startTestGateway({
    nodes: [(_request, response) => sendJson(response, { data: [] })],
    settings: { maxBufferedBytes: 1_000, maxCacheBytes: 0 },
  });
  const body = JSON.stringify(["1".repeat(5_000)]);
  const post = (path: string) =>
    fetch(under.url + path, { method: "POST", body, headers: { "content-type": "application/json" } });
  const bulk = await post("/eth/v1/beacon/states/head/validators");
  expect([bulk.status, bulk.headers.get("x-slotkeeper-reason")]).toEqual([503, "overloaded"]);
  expect((await post(pool)).status).toBe(200);
  expect((await post("/eth/v1/beacon/states/head/validators")).status).toBe(503);
});
