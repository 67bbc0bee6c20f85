import type { ServerResponse } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { sendJson } from "../testing/fake-node.ts";
import {
  bodyOf,
  createLaneBed,
  headersOf,
  headRoot,
  inFlight,
  isQuick,
  patientNode,
  requestId,
} from "../testing/lane-bed.ts";
import type { TestGateway } from "../testing/test-gateway.ts";

const { start, connection, stop } = createLaneBed();
afterEach(stop);

test("the second request of the same bytes is answered quickly, with the same headers and an id of its own", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  const slow = await send(headRoot);
  const quick = [await send(headRoot), await send(headRoot)];
  expect([slow, ...quick].map(isQuick)).toEqual([false, true, true]);
  expect(new Set([slow, ...quick].map(requestId)).size).toBe(3);
  const plain = (answer: string) => [...headersOf(answer)].filter(([name]) => name !== "x-request-id").sort();
  for (const answer of quick) {
    expect(answer.startsWith("HTTP/1.1 200 OK\r\n")).toBe(true);
    expect(plain(answer)).toEqual(plain(slow));
    expect(bodyOf(answer)).toBe(bodyOf(slow));
  }
  expect(gateway.nodes[0]?.requests).toHaveLength(1);
});

test("what is answered quickly is counted like any other, and leaves evidence", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  for (let i = 0; i < 4; i++) await send(headRoot);
  const metrics = await gateway.metrics.metrics();
  expect(metrics).toContain('route_requests_total{group="test",route="getBlockRootHead",outcome="ok"} 4');
  expect(metrics).toContain('shared_total{group="test",result="hit"} 3');
  expect(metrics).toContain('client_requests_total{group="test",client="(other)"} 4');
  expect(gateway.gateway.stats().total).toBe(4);
  const { items } = gateway.evidence.readAfter(0);
  expect(items.map(({ item }) => item.shared)).toEqual(["led", "hit", "hit", "hit"]);
  expect(items[3]?.item).toMatchObject({
    node: "a",
    status: 200,
    client: "127.0.0.1",
    route: "/eth/v1/beacon/blocks/head/root",
  });
  expect(items[3]?.item.answers).toEqual(items[0]?.item.answers);
});

test("a connection of its own must first have been served in the ordinary way", async () => {
  const gateway = await start();
  const first = connection(gateway);
  await first.send(headRoot);
  const second = connection(gateway);
  expect([await second.send(headRoot), await second.send(headRoot)].map(isQuick)).toEqual([false, true]);
});

test("when the view moves, quick answers end at once", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  expect(isQuick(await send(headRoot))).toBe(true);
  gateway.upstream.setView({ head: { slot: 32_001, root: `0x${"ab".repeat(32)}` } });
  expect(isQuick(await send(headRoot))).toBe(false);
  expect(gateway.nodes[0]?.requests).toHaveLength(2);
});

test("a hold ends quick answers of signing inputs at once", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  expect(isQuick(await send(headRoot))).toBe(true);
  gateway.gateway.safety.hold("slashing", "test");
  expect(await send(headRoot)).toContain("HTTP/1.1 503");
});

test("new rules for clients end quick answers until the connection has been admitted under them", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  expect(isQuick(await send(headRoot))).toBe(true);
  gateway.gateway.reload({ clients: [], requireKnownClients: true, routeRules: [] });
  expect(await send(headRoot)).toMatch(/^HTTP\/1.1 40[13]/);
});

test("a process that leaves answers the next request of each connection with Connection: close", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  expect(isQuick(await send(headRoot))).toBe(true);
  const drained = gateway.gateway.drain();
  const last = await send(headRoot);
  expect(headersOf(last).get("connection")).toBe("close");
  await drained;
});

test("between quick answers everything else still works: publishes, bodies in parts, other requests", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  const publish = "POST /eth/v2/beacon/pool/attestations HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n";
  await send(headRoot);
  expect(isQuick(await send(headRoot))).toBe(true);
  expect(await send(`${publish}[1,2] `)).toContain("HTTP/1.1 200");
  expect(isQuick(await send(headRoot))).toBe(true);
  expect(await send(publish, "[1,", "2] ")).toContain("HTTP/1.1 200");
  expect(isQuick(await send(headRoot))).toBe(true);
  expect(gateway.nodes[0]?.requests.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    "[1,2] ",
    "[1,2] ",
  ]);
});

test("a request inside the body of another is not answered", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  const publish = `POST /eth/v2/beacon/pool/attestations HTTP/1.1\r\nHost: a\r\nContent-Length: ${headRoot.length}\r\n\r\n`;
  const answer = await send(publish, headRoot);
  expect(bodyOf(answer)).toBe("{}");
  expect(gateway.nodes[0]?.requests.at(-1)?.body).toBe(headRoot);
});

test("after a chunked body the connection is the HTTP server's alone", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  const head = "POST /eth/v2/beacon/pool/attestations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect(await send(`${head}2\r\n[]\r\n0\r\n\r\n`)).toContain("HTTP/1.1 200");
  expect([await send(headRoot), await send(headRoot)].map(isQuick)).toEqual([false, false]);
});

test("requests sent behind each other without waiting are answered in order", async () => {
  const gateway = await start();
  const { send } = connection(gateway);
  await send(headRoot);
  await send(headRoot);
  const other = headRoot.replace("head/root", "5/root");
  const both = await send(other + headRoot);
  expect(both).toContain("HTTP/1.1 200");
  expect(await send("")).toContain("HTTP/1.1 200");
  expect(isQuick(await send(headRoot))).toBe(false);
});

test.each([
  ["a request id of its own", headRoot.replace("Host: a", "Host: a\r\nX-Request-Id: mine")],
  ["Connection: close", headRoot.replace("Host: a", "Host: a\r\nConnection: close")],
  ["HTTP/1.0", headRoot.replace("HTTP/1.1", "HTTP/1.0").replace("Host: a", "Host: a\r\nConnection: keep-alive")],
])("%s is the HTTP server's", async (_what, request) => {
  const gateway = await start();
  const answers: string[] = [];
  for (let i = 0; i < 2; i++) answers.push(await connection(gateway).send(request));
  const same = connection(gateway);
  answers.push(await same.send(headRoot), await same.send(request));
  expect(answers.map(isQuick)).toEqual([false, false, false, false]);
});

test("an answer that may be compressed is quick in the form that these bytes asked for", async () => {
  const gateway = await start({ compressFromBytes: 10 });
  const { send } = connection(gateway);
  const packed = headRoot.replace("Host: a", "Host: a\r\nAccept-Encoding: gzip");
  const slow = await send(packed);
  const quick = await send(packed);
  expect(isQuick(quick)).toBe(true);
  expect([headersOf(slow).get("content-encoding"), headersOf(quick).get("content-encoding")]).toEqual(["gzip", "gzip"]);
  expect(bodyOf(quick)).toBe(bodyOf(slow));
  await send(headRoot);
  expect(bodyOf(await send(headRoot))).toBe('{"data":{"root":"0xaa"}}');
});

test("one client's bytes do not stand for another's rights", async () => {
  const gateway = await start({
    clients: [
      {
        name: "narrow",
        token: "narrow-token",
        addresses: [],
        routes: { allow: [], only: [], deny: ["/eth/v1/beacon/blocks"] },
      },
      { name: "wide", token: "wide-token", addresses: [] },
    ],
  });
  const as = (token: string) => headRoot.replace("Host: a", `Host: a\r\nAuthorization: Bearer ${token}`);
  const { send } = connection(gateway);
  await send(as("wide-token"));
  expect(isQuick(await send(as("wide-token")))).toBe(true);
  // Another connection, admitted as nobody in particular, sends the same bytes as the named client.
  const stranger = connection(gateway);
  await stranger.send(headRoot);
  expect(isQuick(await stranger.send(as("wide-token")))).toBe(false);
});

const blockRoot = (id: number) => headRoot.replace("blocks/head", `blocks/${id}`);

/** Connections that were served once each, so that the lane knows them. */
async function admitted(gateway: TestGateway, count: number) {
  const lines = Array.from({ length: count }, () => connection(gateway));
  for (const { send } of lines) await send(headRoot);
  return lines;
}

test("other paths with the same headers are answered quickly too, and wait quickly for another's call", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const lines = await admitted(gateway, 4);
  const answers = lines.map(({ send }) => send(blockRoot(7)));
  await inFlight(gateway, 4);
  await node.asked(1);
  sendJson(node.waiting[0] as ServerResponse, { data: 7 });
  const got = await Promise.all(answers);
  expect(got.map(bodyOf)).toEqual(Array(4).fill('{"data":7}'));
  expect(got.map(isQuick).sort()).toEqual([false, true, true, true]);
  expect(node.waiting).toHaveLength(1);
  await inFlight(gateway, 0);
  const records = gateway.evidence.readAfter(0).items;
  expect(records.length).toBe(4);
});

test("those who waited quickly for a call that failed are served by one more call", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const lines = await admitted(gateway, 4);
  const answers = lines.map(({ send }) => send(blockRoot(7)));
  await inFlight(gateway, 4);
  await node.asked(1);
  sendJson(node.waiting[0] as ServerResponse, {}, 500);
  await node.asked(2);
  sendJson(node.waiting[1] as ServerResponse, { data: 7 });
  const statuses = (await Promise.all(answers)).map((answer) => answer.slice(9, 12));
  expect(statuses.sort()).toEqual(["200", "200", "200", "500"]);
  expect(node.waiting).toHaveLength(2);
});

test("a client that goes away while it waits quickly is forgotten, and the last one leaving aborts", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const lines = await admitted(gateway, 2);
  for (const { socket } of lines) socket.write(blockRoot(7));
  await inFlight(gateway, 2);
  await node.asked(1);
  const closed = new Promise((resolve) => (node.waiting[0] as ServerResponse).once("close", resolve));
  lines[0]?.socket.destroy();
  await inFlight(gateway, 1);
  lines[1]?.socket.destroy();
  await inFlight(gateway, 0);
  await closed;
});

test("what is sent behind a request that waits quickly is answered behind it", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const [one, two] = (await admitted(gateway, 2)) as [ReturnType<typeof connection>, ReturnType<typeof connection>];
  const first = one.send(blockRoot(7));
  await node.asked(1);
  const second = two.send(blockRoot(7));
  await inFlight(gateway, 2);
  two.socket.write(headRoot);
  // The second one is from memory: it is ready, and must not go out before the first.
  await vi.waitFor(() => expect(gateway.gateway.stats().total).toBe(3));
  sendJson(node.waiting[0] as ServerResponse, { data: 7 });
  expect([bodyOf(await first), bodyOf(await second)]).toEqual(['{"data":7}', '{"data":7}']);
  expect(bodyOf(await two.send(""))).toBe('{"data":0}');
});

test("a large answer goes out whole to those who waited quickly", async () => {
  const node = patientNode();
  const gateway = await start({}, node.answer);
  const lines = await admitted(gateway, 3);
  const answers = lines.map(({ send }) => send(blockRoot(7)));
  await inFlight(gateway, 3);
  await node.asked(1);
  const large = { data: "x".repeat(300_000) };
  sendJson(node.waiting[0] as ServerResponse, large);
  expect((await Promise.all(answers)).map((answer) => bodyOf(answer) === JSON.stringify(large))).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ["/eth/v1/node/version", "200"],
  ["/eth/v1/beacon/blocks/%68ead/root", "400"],
  ["/eth/v1//beacon/blocks/head/root", "400"],
  ["/eth/v1/debug/fork_choice", "403"],
])("%s is the HTTP server's, whatever was served before", async (path, status) => {
  const gateway = await start();
  const [line] = (await admitted(gateway, 1)) as [ReturnType<typeof connection>];
  const answer = await line.send(headRoot.replace("/eth/v1/beacon/blocks/head/root", path));
  expect([answer.slice(9, 12), isQuick(answer)]).toEqual([status, false]);
});
