import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../lib/fake-clock.ts";
import { defaultGatewaySettings, type GatewaySettings } from "./settings.ts";
import { sendJson, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** Rules of the hot path that are about time and numbers. */

let under: TestGateway | undefined;
let clock: FakeClock;
afterEach(async () => {
  await under?.stop();
  under = undefined;
});

async function start(nodes: FakeNode["answer"][], settings: Partial<GatewaySettings> = {}): Promise<TestGateway> {
  clock = createFakeClock();
  under = await startTestGateway({ nodes, settings, clock });
  return under;
}

const mebi = 1024 * 1024;
const silent: FakeNode["answer"] = () => undefined;
const good: FakeNode["answer"] = (_request, response) => sendJson(response, { data: [] });
const calls = (gateway: TestGateway) => gateway.nodes.map(({ requests }) => requests.length);

test("hot path: deadlines count from arrival, the time that a body took on the way included", async () => {
  const gateway = await start([silent, silent]);
  const socket = connect(gateway.gateway.address.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  socket.write("POST /eth/v1/validator/duties/attester/1000 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[");
  await expect.poll(() => gateway.gateway.stats().inFlight).toBe(1);
  await clock.advance(3_400);
  socket.write("]");
  await expect.poll(() => calls(gateway)).toEqual([1, 0]);
  await clock.advance(175);
  expect(text).toBe("");
  await clock.advance(50);
  await expect.poll(() => text).toMatch(/^HTTP\/1\.1 504 /);
  socket.destroy();
});

test("hot path: a node whose connections are in use is passed over, never queued for; duties have connections of their own", async () => {
  const slow: FakeNode["answer"] = (request, response) =>
    request.url.includes("blocks") ? undefined : good(request, response);
  const gateway = await start([slow, slow], { bulkConnections: 2 });
  const bulk = () => fetch(`${gateway.url}/eth/v2/beacon/blocks/head`);
  const open = Array.from({ length: 4 }, () => bulk().catch(() => undefined));
  await expect.poll(() => calls(gateway)).toEqual([2, 2]);
  const refused = await bulk();
  expect([refused.status, refused.headers.get("x-slotkeeper-reason")]).toEqual([503, "overloaded"]);
  const duty = await fetch(`${gateway.url}/eth/v1/validator/duties/proposer/1000`);
  expect([duty.status, duty.headers.get("x-slotkeeper-node")]).toEqual([200, "a"]);
  expect(calls(gateway)).toEqual([3, 2]);
  await gateway.stop();
  await Promise.all(open);
  under = undefined;
});

const validators = "/eth/v1/beacon/states/head/validators";

test("hot path: a body over 1 MiB on its way is not asked for a second time, however long it takes; silence is", async () => {
  const held: (() => void)[] = [];
  const heavy: FakeNode["answer"] = (_request, response) => {
    const body = JSON.stringify({ data: "x".repeat(2 * mebi) });
    response.writeHead(200, { "content-type": "application/json", "content-length": String(body.length) });
    response.write(body.slice(0, 1_000));
    held.push(() => response.end(body.slice(1_000)));
  };
  const gateway = await start([heavy, good]);
  const answer = fetch(gateway.url + validators);
  await expect.poll(() => held.length).toBe(1);
  // The head of the answer must have come before time moves.
  await expect
    .poll(async () => /buffered_bytes\{[^}]*\} ([0-9]+)/.exec(await gateway.metrics.metrics())?.[1])
    .toBe("1000");
  await clock.advance(11_000);
  for (const release of held) release();
  expect((await (await answer).text()).length).toBeGreaterThan(2 * mebi);
  expect(calls(gateway)).toEqual([1, 0]);

  (gateway.nodes[0] as FakeNode).answer = silent;
  const hedged = fetch(`${gateway.url}${validators}?id=1`);
  await expect.poll(() => calls(gateway)).toEqual([2, 0]);
  await clock.advance(6_000);
  expect((await hedged).headers.get("x-slotkeeper-node")).toBe("b");
});

test("hot path: connections in front are kept for 120 s, ten slots", async () => {
  const gateway = await start([good]);
  const answer = await gateway.raw("GET /eth/v1/node/version HTTP/1.1\r\nHost: x\r\n\r\n", (text) =>
    text.includes("data"),
  );
  expect(answer).toMatch(/\r\nKeep-Alive: timeout=120\r\n/i);
});

test("hot path: the bounds that were measured are the defaults", () => {
  expect(defaultGatewaySettings).toMatchObject({
    keepAliveMs: 120_000,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    connectTimeoutMs: 1_000,
    maxPipelined: 8,
    maxBufferedAnswerBytes: 8 * mebi,
    maxPublishBodyBytes: 32 * mebi,
    maxCacheBytes: 64 * mebi,
    maxBufferedBytes: 256 * mebi,
    maxEventBacklogBytes: 256 * 1024,
    replaySnapshotMs: 5_000,
  });
  expect(defaultGatewaySettings.eventHeartbeatMs).toBeLessThan(60_000);
});
