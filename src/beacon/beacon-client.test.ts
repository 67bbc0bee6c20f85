import { once } from "node:events";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import type { RequestListener, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { createBeaconClient, type BeaconClient } from "./beacon-client.ts";
import { startHostileServer, type HostileServer } from "./hostile-server.ts";
import { beaconRoutes } from "./routes.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function against(listener: RequestListener, path = ""): Promise<{ server: HostileServer; client: BeaconClient }> {
  const server = await startHostileServer(listener);
  ends.push(() => server.stop());
  const client = createBeaconClient({
    url: server.url + path,
    name: "bn1",
    headers: { "x-key": "k" },
    clock: systemClock,
  });
  ends.push(() => client.close());
  return { server, client };
}

const json = (response: ServerResponse, body: string, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
};

const synced = { head_slot: "7", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false };
const good = JSON.stringify({ data: synced });

test("a good answer is read whole, with its flags and the node's time", async () => {
  const { client } = await against((_, response) =>
    json(response, JSON.stringify({ data: synced, execution_optimistic: true, finalized: false })),
  );
  const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 2000 });
  expect(result).toMatchObject({
    ok: true,
    status: 200,
    executionOptimistic: true,
    finalized: false,
    value: { headSlot: 7, syncDistance: 0, isSyncing: false, isOptimistic: false, elOffline: false },
  });
  expect(result.ok && Math.abs((result.serverTimeAt ?? 0) - Date.now())).toBeLessThan(3000);
});

test("the call keeps the path prefix, sends the node's headers, and asks for JSON in identity encoding", async () => {
  let seen: unknown;
  const { client } = await against((request, response) => {
    seen = {
      url: request.url,
      key: request.headers["x-key"],
      accept: request.headers.accept,
      encoding: request.headers["accept-encoding"],
    };
    json(response, JSON.stringify({ data: { root: `0x${"AB".repeat(32)}` } }));
  }, "/prefix/");
  const result = await client.call(beaconRoutes.getBlockRoot, { block_id: "a/../b" }, { timeoutMs: 2000 });
  expect(seen).toEqual({
    url: "/prefix/eth/v1/beacon/blocks/a%2F..%2Fb/root",
    key: "k",
    accept: "application/json",
    encoding: "identity",
  });
  expect(result).toMatchObject({ ok: true, value: { root: `0x${"ab".repeat(32)}` } });
});

test("flags that the node leaves out are unknown, not false; numbers and strings are both read", async () => {
  const { client } = await against((_, response) =>
    json(response, JSON.stringify({ data: { head_slot: 9, is_syncing: "true" } })),
  );
  const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 2000 });
  expect(result).toMatchObject({
    ok: true,
    value: { headSlot: 9, syncDistance: undefined, isSyncing: true, isOptimistic: undefined, elOffline: undefined },
  });
});

describe("what a hostile node does comes back as a failure with a kind", () => {
  const cases: [string, RequestListener, { kind: string; status?: number }][] = [
    ["truncated JSON", (_, r) => json(r, good.slice(0, 30)), { kind: "not-json" }],
    [
      "200 with HTML",
      (_, r) => r.writeHead(200, { "content-type": "text/html" }).end("<html>hi</html>"),
      { kind: "not-json", status: 200 },
    ],
    ["an empty body", (_, r) => json(r, ""), { kind: "not-json" }],
    ["wrong types", (_, r) => json(r, '{"data":{"head_slot":{"a":1},"is_syncing":"maybe"}}'), { kind: "wrong-shape" }],
    ["null", (_, r) => json(r, "null"), { kind: "wrong-shape" }],
    ["a negative slot", (_, r) => json(r, '{"data":{"head_slot":"-1","is_syncing":false}}'), { kind: "wrong-shape" }],
    ["206", (_, r) => json(r, good, 206), { kind: "status", status: 206 }],
    ["503", (_, r) => json(r, "{}", 503), { kind: "status", status: 503 }],
    [
      "a redirect, which is not followed",
      (_, r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      { kind: "status", status: 302 },
    ],
    ["a reset before the reply", (q) => q.socket.resetAndDestroy(), { kind: "reset" }],
    [
      "a reset in the middle of the body",
      (q, r) => {
        r.writeHead(200, { "content-length": "5000" });
        r.write("{", () => q.socket.resetAndDestroy());
      },
      { kind: "reset" },
    ],
    [
      "a body cut short of its length",
      (q, r) => {
        r.writeHead(200, { "content-length": "5000" });
        r.write(good, () => q.socket.end());
      },
      { kind: "reset" },
    ],
  ];
  test.each(cases)("%s", async (_, listener, failure) => {
    const { client } = await against(listener);
    const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 2000 });
    expect(result).toMatchObject({ ok: false, failure });
    expect(!result.ok && result.failure.message).toContain("getSyncingStatus of bn1");
  });
});

test("an endless body ends at the byte bound, and its connection closes", async () => {
  let sent = 0;
  const { server, client } = await against((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const block = Buffer.alloc(16 * 1024, 32);
    const pour = () => {
      while (!response.destroyed && response.write(block)) sent += block.length;
      sent += block.length;
    };
    response.on("drain", pour);
    pour();
  });
  const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 5000 });
  expect(result).toMatchObject({ ok: false, failure: { kind: "too-large" } });
  await server.allClosed();
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

test("a slow drip ends at the deadline, however lively it is", async () => {
  const { server, client } = await against((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(drip));
  });
  const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 80 });
  expect(result).toMatchObject({ ok: false, failure: { kind: "timeout" } });
  expect(result.latencyMs).toBeGreaterThanOrEqual(75);
  await server.allClosed();
});

test("a dripped error body ends at the deadline too", async () => {
  const { client } = await against((_, response) => {
    response.writeHead(500);
    const drip = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(drip));
  });
  expect(await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 80 })).toMatchObject({ ok: false });
});

test("a node that never answers is a timeout, and one that does not listen is refused", async () => {
  const { server, client } = await against(() => undefined);
  expect(await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 50 })).toMatchObject({
    ok: false,
    failure: { kind: "timeout" },
  });
  await server.stop();
  ends.shift();
  expect(await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 2000 })).toMatchObject({
    ok: false,
    failure: { kind: "refused" },
  });
});

test("the caller's signal ends a call as aborted; so does closing the client", async () => {
  const { client } = await against(() => undefined);
  const abort = new AbortController();
  const first = client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 5000, signal: abort.signal });
  const second = client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 5000 });
  abort.abort();
  expect(await first).toMatchObject({ ok: false, failure: { kind: "aborted" } });
  await client.close();
  expect(await second).toMatchObject({ ok: false, failure: { kind: "aborted" } });
  expect(await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 5000 })).toMatchObject({ ok: false });
});

test("what speaks no HTTP is garbage, not a crash", async () => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(async () => void (await new Promise((resolve) => server.close(resolve))));
  const client = createBeaconClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: systemClock,
  });
  ends.push(() => client.close());
  const result = await client.call(beaconRoutes.getSyncingStatus, {}, { timeoutMs: 2000 });
  expect(result).toMatchObject({ ok: false, failure: { kind: "not-json" } });
});
