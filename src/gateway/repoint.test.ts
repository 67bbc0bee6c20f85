import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { sendJson, startFakeNode, type FakeNode } from "./testing/fake-node.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const path = "/eth/v1/validator/attestation_data?slot=1&committee_index=0";
const from =
  (name: string): FakeNode["answer"] =>
  (_request, response) =>
    sendJson(response, { data: { from: name } });

async function start(first: FakeNode["answer"] = from("a")): Promise<{ under: TestGateway; detour: FakeNode }> {
  const under = await startTestGateway({ nodes: [first] });
  ends.push(() => under.stop());
  const detour = await startFakeNode(from("detour"));
  ends.push(() => detour.close());
  return { under, detour };
}

async function ask({ url }: TestGateway, question = path): Promise<string> {
  const response = await fetch(url + question);
  const { data } = (await response.json()) as { data?: { from: string } };
  return `${response.status} ${data?.from}`;
}

test("hot path: a node's calls go to the other address and back again, with its own headers and under its own name", async () => {
  const { under, detour } = await start();
  expect(await ask(under, "/eth/v1/beacon/headers/1")).toBe("200 a");
  under.gateway.repoint("a", detour.url);
  expect(await ask(under, "/eth/v1/beacon/headers/2")).toBe("200 detour");
  expect(detour.requests[0]?.headers["x-node-key"]).toBe("secret");
  under.gateway.repoint("a", undefined);
  expect(await ask(under, "/eth/v1/beacon/headers/3")).toBe("200 a");
});

test("a call that is under way ends where it began, in either direction", async () => {
  const waiting: ServerResponse[] = [];
  let arrived = () => {};
  const next = () => new Promise<void>((resolve) => (arrived = resolve));
  const { under, detour } = await start((_request, response) => (waiting.push(response), arrived()));
  let isThere = next();
  const first = ask(under, "/eth/v1/beacon/headers/1");
  await isThere;
  under.gateway.repoint("a", detour.url);
  expect(await ask(under, "/eth/v1/beacon/headers/2")).toBe("200 detour");
  sendJson(waiting[0] as ServerResponse, { data: { from: "a" } });
  expect(await first).toBe("200 a");

  const held: ServerResponse[] = [];
  isThere = next();
  detour.answer = (_request, response) => (held.push(response), arrived());
  const second = ask(under, "/eth/v1/beacon/headers/3");
  await isThere;
  under.gateway.repoint("a", undefined);
  sendJson(held[0] as ServerResponse, { data: { from: "detour" } });
  expect(await second).toBe("200 detour");
});

test("a reload that leaves the node as it is leaves the detour too; one that changes it ends it", async () => {
  const { under, detour } = await start();
  under.gateway.repoint("a", detour.url);
  const same = { name: "a", url: under.nodes[0]?.url ?? "", headers: { "x-node-key": "secret" } };
  under.gateway.reconfigure([same]);
  expect(await ask(under, "/eth/v1/beacon/headers/1")).toBe("200 detour");
  under.gateway.reconfigure([{ ...same, headers: {} }]);
  expect(await ask(under, "/eth/v1/beacon/headers/2")).toBe("200 a");
});

test("what was counted of the node stays, and unknown names are let pass", async () => {
  const { under, detour } = await start();
  await ask(under, "/eth/v1/beacon/headers/1");
  under.gateway.repoint("a", detour.url);
  under.gateway.repoint("nobody", detour.url);
  await ask(under, "/eth/v1/beacon/headers/2");
  const metrics = await under.metrics.metrics();
  expect(metrics).toMatch(/slotkeeper_gateway_node_calls_total\{[^}]*node="a"[^}]*\} 2/);
});

test("the stream for rarer topics moves with the node", async () => {
  const streams: string[] = [];
  let opened = () => {};
  const answer =
    (name: string): FakeNode["answer"] =>
    (request, response) => {
      if (!request.url.startsWith("/eth/v1/events")) return sendJson(response, { data: { from: name } });
      streams.push(name);
      response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
      opened();
    };
  const next = () => new Promise<void>((resolve) => (opened = resolve));
  const { under, detour } = await start(answer("a"));
  detour.answer = answer("detour");
  let isOpen = next();
  const client = new AbortController();
  const stream = await fetch(`${under.url}/eth/v1/events?topics=attestation`, { signal: client.signal });
  await isOpen;
  isOpen = next();
  under.gateway.repoint("a", detour.url);
  await isOpen;
  expect(streams).toEqual(["a", "detour"]);
  client.abort();
  await stream.body?.cancel().catch(() => undefined);
});
