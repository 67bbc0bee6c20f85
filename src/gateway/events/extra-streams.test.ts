import { afterEach, expect, test } from "vitest";
import { createEventNode, type EventNode } from "../testing/event-node.ts";
import { openTestStream, type TestStream } from "../testing/event-client.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let under: TestGateway | undefined;
let streams: TestStream[] = [];
afterEach(async () => {
  for (const stream of streams) stream.close();
  streams = [];
  await under?.stop();
  under = undefined;
});

async function start(nodes: readonly EventNode[]): Promise<TestGateway> {
  under = await startTestGateway({ nodes: nodes.map((node) => node.answer) });
  return under;
}

async function listen(gateway: TestGateway, topics: string): Promise<TestStream> {
  const stream = await openTestStream(gateway.url, `topics=${topics}`);
  streams.push(stream);
  return stream;
}

test("a hundred readers of attestations cost one upstream stream, opened on demand and closed with the last of them", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  await listen(gateway, "head,block");
  const readers = await Promise.all(Array.from({ length: 100 }, () => listen(gateway, "attestation")));
  await expect.poll(a.topics).toEqual(["attestation"]);
  a.emit("attestation", '{"number":1}');
  for (const reader of readers) await reader.until('{"number":1}');
  expect(b.topics()).toEqual([]);
  for (const reader of readers) reader.close();
  await expect.poll(a.topics).toEqual([]);
});

test("when its node breaks off, the next one carries the topic, and no reader notices", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  const reader = await listen(gateway, "single_attestation");
  await expect.poll(a.topics).toEqual(["single_attestation"]);
  a.cut();
  await expect.poll(b.topics).toEqual(["single_attestation"]);
  b.emit("single_attestation", '{"from":"b"}');
  await reader.until('{"from":"b"}');
  expect(reader.isClosed).toBe(false);
});

test("when its node leaves the view, the next one carries the topic", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  await listen(gateway, "contribution_and_proof");
  await expect.poll(a.topics).toEqual(["contribution_and_proof"]);
  gateway.upstream.setView({ ready: ["b"] });
  await expect.poll(b.topics).toEqual(["contribution_and_proof"]);
  await expect.poll(a.topics).toEqual([]);
  // The node that came back gets nothing: moving once more would lose events.
  gateway.upstream.setView({ ready: ["a", "b"] });
  expect([a.topics(), b.topics()]).toEqual([[], ["contribution_and_proof"]]);
});

test("a node that sends comments but no attestation while heads go by is left", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  await listen(gateway, "attestation");
  await expect.poll(a.topics).toEqual(["attestation"]);
  for (let slot = 1; slot <= 4; slot++)
    gateway.upstream.setView({ head: { slot: 32_000 + slot, root: `0x${String(slot).padStart(64, "0")}` } });
  await expect.poll(b.topics).toEqual(["attestation"]);
});

test("a topic that a node does not know costs the others nothing, and is asked of the next node", async () => {
  const [a, b] = [createEventNode(["execution_payload_bid"]), createEventNode()];
  const gateway = await start([a, b]);
  const reader = await listen(gateway, "attestation,execution_payload_bid");
  await expect.poll(a.topics).toEqual(["attestation"]);
  await expect.poll(b.topics).toEqual(["execution_payload_bid"]);
  a.emit("attestation", '{"known":1}');
  b.emit("execution_payload_bid", '{"new":1}');
  await reader.until('{"known":1}');
  await reader.until('{"new":1}');
});

test("head_v2 is asked of every ready node, told once for the view's head, and again when its payload has come", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  const reader = await listen(gateway, "head_v2");
  await expect.poll(() => [a.topics(), b.topics()]).toEqual([["head_v2"], ["head_v2"]]);
  const root = `0x${"d1".repeat(32)}`;
  const event = (status: string, block = root) =>
    JSON.stringify({ version: "gloas", data: { slot: "32001", block, payload_status: status } });
  gateway.upstream.setView({ head: { slot: 32_001, root } });
  b.emit("head_v2", event("empty", `0x${"ff".repeat(32)}`));
  b.emit("head_v2", event("empty"));
  await reader.until('"empty"');
  a.emit("head_v2", event("empty"));
  a.emit("head_v2", event("full"));
  await reader.until('"full"');
  expect(reader.text().match(/event: head_v2/g)).toHaveLength(2);
  expect(reader.text()).not.toContain("ffff");
});

test("events of Gloas that every node sends are told once", async () => {
  const [a, b] = [createEventNode(), createEventNode()];
  const gateway = await start([a, b]);
  const reader = await listen(gateway, "execution_payload_available");
  await expect.poll(() => a.open.length + b.open.length).toBe(2);
  const data = '{"slot":"7","block_root":"0x01"}';
  a.emit("execution_payload_available", data);
  b.emit("execution_payload_available", '{"block_root":"0x01", "slot":"7"}');
  a.emit("execution_payload_available", '{"slot":"8"}');
  await reader.until('{"slot":"8"}');
  await expect.poll(() => reader.text().match(/event: /g)?.length).toBe(2);
});

test("a node under another address, as in a drill, is listened to there", async () => {
  const [a, other] = [createEventNode(), createEventNode()];
  const gateway = await start([a, other]);
  gateway.upstream.setView({ ready: ["a"] });
  await listen(gateway, "attestation");
  await expect.poll(a.topics).toEqual(["attestation"]);
  gateway.gateway.repoint("a", gateway.nodes[1]?.url);
  await expect.poll(other.topics).toEqual(["attestation"]);
  await expect.poll(a.topics).toEqual([]);
});
