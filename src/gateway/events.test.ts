import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { sendJson } from "./testing/fake-node.ts";
import { createSeenEvents } from "./events/seen-events.ts";
import { readTopics } from "./events/topics.ts";
import type { Network } from "../upstream/types.ts";
import type { GatewaySettings } from "./settings.ts";

let under: TestGateway | undefined;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await under?.stop();
  under = undefined;
});

const root = (byte: string) => `0x${byte.repeat(32)}`;
const headData = (byte: string, extra: Record<string, unknown> = {}) =>
  JSON.stringify({ slot: "32001", block: root(byte), ...extra });

async function start(settings: Partial<GatewaySettings> = {}): Promise<TestGateway> {
  under = await startTestGateway({ nodes: [() => undefined, () => undefined], settings });
  return under;
}

/** Opens a stream and resolves once the gateway has sent its first bytes; `text()` is all that came so far. */
async function listen(gateway: TestGateway, topics = "topics=head"): Promise<{ text: () => string; socket: Socket }> {
  const { port } = gateway.gateway.address;
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.includes("retry:")) resolve();
    });
    socket.write(`GET /eth/v1/events?${topics} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
  });
  return { text: () => text, socket };
}

/** Slots of 100 ms, so that a drain is short. */
function fastNetwork(gateway: TestGateway): Network {
  const network = gateway.upstream.network() as Network;
  return { ...network, spec: { ...network.spec, slotDurationMs: 100 } };
}

function emit(gateway: TestGateway, node: string, topic: string, data: string): void {
  gateway.upstream.emit({ node, topic, data, receivedAt: 0 });
}

test("trap 14: a head is told when the view is on it, once, whichever came first", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  emit(gateway, "a", "head", headData("d1"));
  emit(gateway, "b", "head", headData("ff"));
  gateway.upstream.setView({ head: { slot: 32_001, root: root("d1") } });
  emit(gateway, "b", "head", headData("d1"));
  gateway.upstream.setView({ head: { slot: 32_002, root: root("d2") } });
  emit(gateway, "b", "head", headData("d2"));
  await expect.poll(stream.text).toContain(root("d2"));
  expect(stream.text().match(/event: head/g)).toHaveLength(2);
  expect(stream.text()).not.toContain(root("ff"));
  expect(stream.text()).toContain("content-type: text/event-stream");
});

test("trap 14: an optimistic head waits for a node that verified it", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  gateway.upstream.setView({ head: { slot: 32_001, root: root("d1") } });
  emit(gateway, "a", "head", headData("d1", { execution_optimistic: true }));
  emit(gateway, "b", "head", headData("d1", { execution_optimistic: false }));
  await expect.poll(stream.text).toContain('"execution_optimistic":false');
  expect(stream.text()).not.toContain('"execution_optimistic":true');
});

test("trap 14: other topics come once, whatever the order of their keys, and only from nodes of the view", async () => {
  const gateway = await start();
  gateway.upstream.setView({ ready: ["a"] });
  const stream = await listen(gateway, "topics=block,finalized_checkpoint&topics=chain_reorg");
  emit(gateway, "a", "block", '{"slot":"1","block":"0x01"}');
  emit(gateway, "a", "block", '{"block":"0x01", "slot":"1"}');
  emit(gateway, "b", "block", '{"slot":"2","block":"0xoff"}');
  emit(gateway, "a", "head", headData("aa"));
  emit(gateway, "a", "chain_reorg", '{"depth":"1"}');
  await expect.poll(stream.text).toContain("chain_reorg");
  expect(stream.text().match(/event: block/g)).toHaveLength(1);
  expect(stream.text()).not.toContain("0xoff");
  expect(stream.text()).not.toContain("event: head");
});

test("the stream stays when nodes go and come back", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  gateway.upstream.setView({ kind: "none", ready: [], fallback: [] });
  gateway.upstream.setView({ kind: "serving", ready: ["b"] });
  emit(gateway, "b", "head", headData("d3"));
  gateway.upstream.setView({ head: { slot: 32_003, root: root("d3") } });
  await expect.poll(stream.text).toContain(root("d3"));
  expect(gateway.gateway.stats().streams).toBe(1);
});

test("trap 14: with nobody to listen to it answers 503, never 400 or 500; without topics 400", async () => {
  const gateway = await start();
  expect((await fetch(`${gateway.url}/eth/v1/events`)).status).toBe(400);
  gateway.upstream.setView({ kind: "none", ready: [], fallback: [] });
  expect((await fetch(`${gateway.url}/eth/v1/events?topics=head`)).status).toBe(503);
});

test("a topic of a fork to come is dropped, not refused; what could never be a topic is refused, since no retry cures it", async () => {
  const gateway = await start();
  const stream = await listen(gateway, "topics=a_topic_of_tomorrow");
  const both = await listen(gateway, "topics=a_topic_of_tomorrow,head");
  emit(gateway, "a", "head", headData("d1"));
  gateway.upstream.setView({ head: { slot: 32_001, root: root("d1") } });
  await expect.poll(both.text).toContain(root("d1"));
  expect(stream.text()).not.toContain("event:");
  expect(gateway.nodes.flatMap((node) => node.requests)).toEqual([]);
  for (const query of ["", "?topics=", "?topics=,", "?topics=%0d%0a", "?other=head"])
    expect((await fetch(`${gateway.url}/eth/v1/events${query}`)).status).toBe(400);
});

test("a gateway that leaves answers new streams with 503, so that their clients come to the next one", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  const late = connect(gateway.gateway.address.port, "127.0.0.1");
  sockets.push(late);
  await new Promise((resolve) => late.once("connect", resolve));
  // The connection is the gateway's own only after an answer on it.
  const answer = () =>
    new Promise<string>((resolve) => late.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  const first = answer();
  late.write("GET /eth/v1/node/health HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await first).toContain("200 OK");
  gateway.upstream.setNetwork(fastNetwork(gateway));
  const drained = gateway.gateway.drain();
  const second = answer();
  late.write("GET /eth/v1/events?topics=head HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await second).toMatch(/^HTTP\/1.1 503 .*draining/s);
  await drained;
  expect(stream.socket.destroyed).toBe(true);
});

test("a flood of one node is dropped and counted; another node's events and all heads get through", async () => {
  const gateway = await start();
  const stream = await listen(gateway, "topics=block,head");
  for (let i = 0; i < 5_000; i++) emit(gateway, "a", "block", `{"slot":"${i}"}`);
  emit(gateway, "b", "block", '{"slot":"from-b"}');
  emit(gateway, "a", "head", headData("d7"));
  gateway.upstream.setView({ head: { slot: 32_007, root: root("d7") } });
  await expect.poll(stream.text).toContain(root("d7"));
  expect(stream.text()).toContain("from-b");
  const told = stream.text().match(/event: block/g)?.length ?? 0;
  const dropped = /events_dropped_total\{group="test"\} (\d+)/.exec(await gateway.metrics.metrics())?.[1];
  expect(told + Number(dropped)).toBe(5_001);
  expect(Number(dropped)).toBeGreaterThan(1_000);
});

test("rare topics come from the streams that are open anyway, once each", async () => {
  const gateway = await start();
  const stream = await listen(
    gateway,
    "topics=voluntary_exit,proposer_slashing,attester_slashing,bls_to_execution_change",
  );
  for (const topic of ["voluntary_exit", "proposer_slashing", "attester_slashing", "bls_to_execution_change"])
    for (const node of ["a", "b"]) emit(gateway, node, topic, '{"message":{}}');
  await expect.poll(stream.text).toContain("event: bls_to_execution_change");
  expect(stream.text().match(/event: /g)).toHaveLength(4);
  expect(gateway.nodes.flatMap((node) => node.requests)).toEqual([]);
});

test("a head of which no node sent an event is told all the same, with dependent roots asked of a node that has it", async () => {
  const answers: Record<string, unknown> = {
    [`/eth/v1/beacon/headers/${root("d2")}`]: {
      data: { header: { message: { slot: "32033", state_root: root("5a") } } },
    },
    "/eth/v1/validator/duties/attester/1001": { dependent_root: root("e1"), data: [] },
    "/eth/v1/validator/duties/attester/1002": { dependent_root: root("e2"), data: [] },
  };
  const gateway = await start();
  for (const node of gateway.nodes)
    node.answer = (request, response) =>
      sendJson(response, answers[request.url] ?? {}, request.url in answers ? 200 : 404);
  const stream = await listen(gateway, "topics=head,block");
  gateway.upstream.setView({ head: { slot: 32_031, root: root("d1") } });
  emit(gateway, "a", "head", headData("d1"));
  gateway.upstream.patchStatus("b", { head: { slot: 32_033, root: root("d2") } });
  gateway.upstream.setView({ head: { slot: 32_033, root: root("d2") } });
  await expect.poll(stream.text, { timeout: 5_000 }).toContain(root("d2"));
  const [, data = "{}"] =
    stream
      .text()
      .split("event: head\ndata: ")
      .at(-1)
      ?.match(/^(.*)\n/) ?? [];
  expect(JSON.parse(data)).toEqual({
    slot: "32033",
    block: root("d2"),
    state: root("5a"),
    epoch_transition: true,
    previous_duty_dependent_root: root("e1"),
    current_duty_dependent_root: root("e2"),
    execution_optimistic: false,
  });
  expect(gateway.nodes[0]?.requests).toEqual([]);
  emit(gateway, "a", "head", headData("d2"));
  emit(gateway, "a", "head", headData("d1"));
  emit(gateway, "a", "block", '{"slot":"after"}');
  await expect.poll(stream.text).toContain("after");
  expect(stream.text().match(/event: head/g)).toHaveLength(2);
});

test("trap 14: comments keep a silent stream alive", async () => {
  const gateway = await start({ eventHeartbeatMs: 20 });
  const stream = await listen(gateway);
  await expect.poll(() => stream.text().match(/^:$/gm)?.length ?? 0).toBeGreaterThan(2);
});

test("hot path: a client that does not read is closed at the bound; the others hear everything", async () => {
  const gateway = await start({ maxEventBacklogBytes: 64 * 1024 });
  const slow = await listen(gateway, "topics=block");
  const good = await listen(gateway, "topics=block");
  slow.socket.pause();
  const filler = "x".repeat(32 * 1024);
  let count = 0;
  while (gateway.gateway.stats().streams === 2 && count < 2_000) {
    emit(gateway, "a", "block", JSON.stringify({ slot: String(count++), filler }));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(gateway.gateway.stats().streams).toBe(1);
  emit(gateway, "a", "block", '{"slot":"last"}');
  await expect.poll(good.text).toContain('"slot":"last"');
});

test("a client that leaves is forgotten", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  stream.socket.destroy();
  await expect.poll(() => gateway.gateway.stats().streams).toBe(0);
});

test("hot path: a thousand streams open at once all hear the same event", async () => {
  const gateway = await start();
  const streams = await Promise.all(Array.from({ length: 1_000 }, () => listen(gateway)));
  emit(gateway, "a", "head", headData("d4"));
  gateway.upstream.setView({ head: { slot: 32_004, root: root("d4") } });
  await expect.poll(() => streams.every((stream) => stream.text().includes(root("d4")))).toBe(true);
});

test("topics are read in both encodings", () => {
  expect(readTopics("/eth/v1/events?topics=head,block&topics=head&topics=new_one")).toEqual([
    "head",
    "block",
    "new_one",
  ]);
  expect(readTopics("/eth/v1/events?topics=HEAD%0d%0a")).toEqual([]);
});

test("seen events are bounded: the oldest is forgotten", () => {
  const seen = createSeenEvents(2);
  expect(["1", "2", "3", "3", "1"].map((data) => seen.isNew("block", data))).toEqual([true, true, true, false, true]);
});
