import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "node:net";
import { sendJson } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

let under: TestGateway;
beforeEach(async () => {
  under = await startTestGateway({
    nodes: [(_request, response) => sendJson(response, { ok: true })],
    settings: { maxReadBodyBytes: 1_000, maxPublishBodyBytes: 2_000, headersTimeoutMs: 400, requestTimeoutMs: 800 },
  });
});
afterEach(() => under.stop());

const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, "Host: x", ...headers, "Connection: close", "", ""].join("\r\n");
const post = (path: string, headers: string[], body: string) =>
  [`POST ${path} HTTP/1.1`, "Host: x", "Content-Type: application/json", ...headers, "", body].join("\r\n");
const status = (text: string) => Number(text.slice(9, 12));
const genesis = "/eth/v1/beacon/genesis";
const liveness = "/eth/v1/beacon/states/head/validators";

describe("hot path: smuggling forms are refused before any node sees them", () => {
  test.each([
    ["two Host headers", get(genesis, "Host: y"), "duplicate-host"],
    [
      "an unknown Transfer-Encoding",
      post(liveness, ["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"),
      "bad-transfer-encoding",
    ],
    ["a dot segment", get("/eth/v1/beacon/../debug/beacon/heads"), "bad-path"],
    ["an escape", get("/eth/v1/%64ebug/beacon/heads"), "bad-path"],
    ["an escaped dot", get("/eth/v1/%2e%2e/x"), "bad-path"],
    ["a double slash", get("//eth/v1/beacon/genesis"), "bad-path"],
    ["a backslash", get("/eth\\v1/beacon/genesis"), "bad-path"],
    ["an absolute URL", get("http://other/eth/v1/beacon/genesis"), "bad-path"],
  ])("%s", async (_name, bytes, reason) => {
    const text = await under.raw(bytes);
    expect(status(text)).toBe(400);
    expect(text).toContain(reason);
    expect(under.nodes[0]?.requests).toHaveLength(0);
  });

  test.each([
    [
      "Transfer-Encoding with Content-Length",
      post(liveness, ["Transfer-Encoding: chunked", "Content-Length: 4"], "0\r\n\r\n"),
    ],
    ["two Content-Lengths", post(liveness, ["Content-Length: 2", "Content-Length: 4"], "[]")],
    ["a Transfer-Encoding in disguise", post(liveness, ["Transfer-Encoding : chunked"], "0\r\n\r\n")],
    ["no Host", "GET /eth/v1/node/version HTTP/1.1\r\n\r\n"],
    ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
  ])("%s", async (_name, bytes) => {
    const text = await under.raw(bytes);
    expect(status(text)).toBe(400);
    expect(under.nodes[0]?.requests).toHaveLength(0);
  });
});

test.each([
  ["PUT", 405],
  ["DELETE", 405],
  ["OPTIONS", 405],
  ["TRACE", 405],
  ["PROPFIND", 501],
])("method %s is answered %i as JSON", async (method, expected) => {
  const text = await under.raw(`${method} ${genesis} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(status(text)).toBe(expected);
  expect(text).toMatch(/"code":\d+,"message":/);
});

test("CONNECT opens no tunnel", async () => {
  expect(status(await under.raw("CONNECT node:443 HTTP/1.1\r\nHost: node:443\r\n\r\n"))).toBe(405);
});

test("debug and client-specific routes need a setting", async () => {
  for (const path of [
    "/eth/v2/debug/beacon/states/head",
    "/eth/v1/DEBUG/x",
    "/lighthouse/health",
    "/eth/v1/lodestar/peers",
    "/",
  ])
    expect(status(await under.raw(get(path)))).toBe(403);
  expect(under.nodes[0]?.requests).toHaveLength(0);
});

describe("bodies", () => {
  test("a declared body over the limit is refused before it is sent", async () => {
    expect(status(await under.raw(post(liveness, ["Content-Length: 1001"], "")))).toBe(413);
  });

  test("a chunked body over the limit is refused as it grows", async () => {
    const chunk = `200\r\n${"x".repeat(512)}\r\n`;
    expect(status(await under.raw(post(liveness, ["Transfer-Encoding: chunked"], chunk + chunk)))).toBe(413);
    expect(under.nodes[0]?.requests).toHaveLength(0);
  });

  test("publishing has a limit of its own", async () => {
    const body = JSON.stringify(["x".repeat(1_500)]);
    const answer = await fetch(`${under.url}/eth/v1/beacon/pool/attestations`, { method: "POST", body });
    expect(answer.status).toBe(200);
    expect(under.nodes[0]?.requests[0]?.body).toBe(body);
  });

  test("a chunked body arrives whole at the node", async () => {
    const text = await under.raw(
      post(liveness, ["Transfer-Encoding: chunked", "Connection: close"], '2\r\n["\r\n3\r\n1"]\r\n0\r\n\r\n'),
    );
    expect(status(text)).toBe(200);
    expect(under.nodes[0]?.requests[0]?.body).toBe('["1"]');
  });

  test("Expect: 100-continue is answered before the body is there", async () => {
    const text = await under.raw(
      post(liveness, ["Expect: 100-continue", "Content-Length: 2", "Connection: close"], "[]"),
    );
    expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/);
    expect(under.nodes[0]?.requests[0]?.headers.expect).toBeUndefined();
  });

  test("an unknown Expect is refused", async () => {
    expect(status(await under.raw(get(genesis, "Expect: miracles")))).toBe(417);
  });
});

test("a client that never finishes its headers is told so and let go", async () => {
  expect(status(await under.raw("GET /eth/v1/node/version HTTP/1.1\r\nHost: x\r\nX-Slow: "))).toBe(408);
});

test("a client that never finishes its body is let go", async () => {
  expect(status(await under.raw(post(liveness, ["Content-Length: 100"], "[")))).toBe(408);
  await expect.poll(() => under.gateway.stats().inFlight).toBe(0);
});

test("headers of 20 kB are refused", async () => {
  expect(status(await under.raw(get(genesis, `X-Big: ${"x".repeat(20_000)}`)))).toBe(431);
});

test("hot path: the ninth unanswered request of a socket is refused, and the node sees eight at most", async () => {
  const node = under.nodes[0];
  if (!node) throw new Error("no node");
  node.answer = () => undefined;
  let seen: () => void = () => undefined;
  const isFull = new Promise<void>((resolve) => (seen = resolve));
  node.answer = (_request, response) => {
    if (node.requests.length === 8) seen();
    held.push(() => sendJson(response, {}));
  };
  const held: (() => void)[] = [];
  const pending = under.raw(`GET /eth/v2/beacon/blocks/head HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(200));
  await isFull;
  for (const release of held) release();
  const text = await pending;
  expect(node.requests).toHaveLength(8);
  expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(8);
  expect(text.match(/HTTP\/1.1 429/g)).toHaveLength(1);
});

test("hot path: what belongs to this hop or to the client stays here; the node gets its own headers", async () => {
  await under.raw(
    get(
      "/eth/v2/beacon/blocks/head",
      "Authorization: Bearer mine",
      "Accept: application/octet-stream;q=0.9, application/json;q=0.5",
      "Accept-Encoding: gzip",
      "TE: trailers",
      "Connection: x-private",
      "X-Private: 1",
      "Upgrade: websocket",
    ),
  );
  const headers = under.nodes[0]?.requests[0]?.headers ?? {};
  expect(headers.accept).toBe("application/octet-stream;q=0.9, application/json;q=0.5");
  expect(headers).toMatchObject({ "accept-encoding": "identity", "x-node-key": "secret" });
  for (const name of ["authorization", "te", "x-private", "upgrade"]) expect(headers[name]).toBeUndefined();
});

test("a thousand idle connections do not hinder a request", async () => {
  const port = Number(new URL(under.url).port);
  const sockets = Array.from({ length: 1_000 }, () => connect(port, "127.0.0.1"));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  const answer = await fetch(under.url + genesis);
  expect(answer.status).toBe(200);
  for (const socket of sockets) socket.destroy();
});
