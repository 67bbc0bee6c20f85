import { afterEach, expect, test } from "vitest";
import { openTestStream, type TestStream } from "../testing/event-client.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let under: TestGateway | undefined;
const streams: TestStream[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await under?.stop();
  under = undefined;
});

const root = (byte: string) => `0x${byte.repeat(32)}`;
const head = (byte: string, slot = 32_001) => ({ slot, root: root(byte) });
const data = (byte: string, extra: Record<string, unknown> = {}) =>
  JSON.stringify({ slot: "32001", block: root(byte), execution_optimistic: false, ...extra });

async function start(): Promise<TestGateway> {
  under = await startTestGateway({ nodes: [() => undefined, () => undefined] });
  return under;
}

async function listen(gateway: TestGateway, query: string): Promise<TestStream> {
  const stream = await openTestStream(gateway.url, query);
  streams.push(stream);
  return stream;
}

const emit = (gateway: TestGateway, node: string, topic: string, text: string) =>
  gateway.upstream.emit({ node, topic, data: text, receivedAt: 0 });
const count = (stream: TestStream, text: string) => stream.text().split(text).length - 1;

test("trap 14: a switch of nodes that leaves the head as it is tells the client nothing and keeps its stream", async () => {
  const gateway = await start();
  const stream = await listen(gateway, "topics=head,block");
  emit(gateway, "a", "head", data("d1"));
  gateway.upstream.setView({ head: head("d1"), ready: ["a"] });
  await stream.until(root("d1"));
  gateway.upstream.setView({ ready: [], fallback: ["b"], kind: "degraded" });
  gateway.upstream.setView({ ready: ["b"], fallback: [], kind: "serving" });
  emit(gateway, "b", "head", data("d1"));
  emit(gateway, "b", "block", '{"slot":"after"}');
  await stream.until("after");
  expect(count(stream, "event: head")).toBe(1);
  expect(stream.isClosed).toBe(false);
});

test("trap 14: a switch to another branch tells its head, and none of the branch that was left", async () => {
  const gateway = await start();
  const stream = await listen(gateway, "topics=head,block");
  emit(gateway, "a", "head", data("d1"));
  gateway.upstream.setView({ head: head("d1"), ready: ["a"] });
  emit(gateway, "b", "head", data("e1"));
  gateway.upstream.setView({ head: head("e1", 32_002), ready: ["b"] });
  emit(gateway, "a", "head", data("d3"));
  emit(gateway, "b", "block", '{"slot":"after"}');
  await stream.until("after");
  expect([...stream.text().matchAll(/event: head\ndata: .*"block":"0x(..)/g)].map(([, byte]) => byte)).toEqual([
    "d1",
    "e1",
  ]);
});

test("trap 14: both encodings of topics, escaped or not, over one socket each", async () => {
  const gateway = await start();
  const queries = [
    "topics=head&topics=block",
    "topics=head,block",
    "topics=head%2Cblock",
    "x=1&topics=block&topics=head,block",
  ];
  const all = await Promise.all(queries.map((query) => listen(gateway, query)));
  emit(gateway, "a", "head", data("d1"));
  gateway.upstream.setView({ head: head("d1") });
  emit(gateway, "a", "block", '{"slot":"last"}');
  for (const stream of all) {
    await stream.until("last");
    expect([count(stream, "event: head"), count(stream, "event: block")]).toEqual([1, 1]);
  }
});

test("trap 14: 503 while nobody can be listened to, whatever is asked, and never 400 or 500", async () => {
  const gateway = await start();
  gateway.upstream.setView({ kind: "none", ready: [], fallback: [] });
  for (const query of ["topics=head", "topics=head&topics=a_topic_of_tomorrow", "topics=block%2Chead"])
    expect((await fetch(`${gateway.url}/eth/v1/events?${query}`)).status).toBe(503);
});
