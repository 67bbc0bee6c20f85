import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { createSeenEvents } from "./events/seen-events.ts";
import { readTopics } from "./events/topics.ts";
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

function emit(gateway: TestGateway, node: string, topic: string, data: string): void {
  gateway.upstream.emit({ node, topic, data, receivedAt: 0 });
}

test("a head is told when the view is on it, once, whichever came first", async () => {
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

test("an optimistic head waits for a node that verified it", async () => {
  const gateway = await start();
  const stream = await listen(gateway);
  gateway.upstream.setView({ head: { slot: 32_001, root: root("d1") } });
  emit(gateway, "a", "head", headData("d1", { execution_optimistic: true }));
  emit(gateway, "b", "head", headData("d1", { execution_optimistic: false }));
  await expect.poll(stream.text).toContain('"execution_optimistic":false');
  expect(stream.text()).not.toContain('"execution_optimistic":true');
});

test("other topics come once, whatever the order of their keys, and only from nodes of the view", async () => {
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

test("with nobody to listen to it answers 503, never 400 or 500; without topics 400", async () => {
  const gateway = await start();
  expect((await fetch(`${gateway.url}/eth/v1/events`)).status).toBe(400);
  gateway.upstream.setView({ kind: "none", ready: [], fallback: [] });
  expect((await fetch(`${gateway.url}/eth/v1/events?topics=head`)).status).toBe(503);
});

test("comments keep a silent stream alive", async () => {
  const gateway = await start({ eventHeartbeatMs: 20 });
  const stream = await listen(gateway);
  await expect.poll(() => stream.text().match(/^:$/gm)?.length ?? 0).toBeGreaterThan(2);
});

test("a client that does not read is closed at the bound; the others hear everything", async () => {
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

test("a thousand streams open at once all hear the same event", async () => {
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
