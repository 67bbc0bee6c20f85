import { once } from "node:events";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../lib/clock.ts";
import { rootOf, startBeaconTarget } from "./beacon-target.fixture.ts";
import { startFaultProxy } from "./start-fault-proxy.ts";
import type { Fault } from "./types.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function startPair(headSlot = 84) {
  const target = await startBeaconTarget(headSlot);
  stops.push(target.stop);
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const proxy = await startFaultProxy({ targetUrl: target.url, clock: systemClock, random });
  stops.push(() => proxy.stop());
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  stops.push(() => agent.destroy());

  /** One request; an outcome is `status body`, or the code of the error that ended it. */
  async function ask(path: string, init: { method?: string; body?: Buffer; headers?: Record<string, string> } = {}) {
    try {
      const res = await open(path, init);
      const chunks: Buffer[] = [];
      for await (const chunk of res as AsyncIterable<Buffer>) chunks.push(chunk);
      return { outcome: res.statusCode, body: Buffer.concat(chunks), headers: res.headers, rawHeaders: res.rawHeaders };
    } catch (error) {
      return { outcome: (error as { code?: string }).code, body: Buffer.alloc(0), headers: {}, rawHeaders: [] };
    }
  }

  async function open(path: string, { method = "GET", body, headers = {} }: Parameters<typeof ask>[1] & object) {
    const { hostname, port } = new URL(proxy.url);
    // Streams have connections of their own; the path goes out as it is written.
    const own = path.includes("/events") ? false : agent;
    const req = httpRequest({ hostname, port, path, method, agent: own, headers });
    // An error after the response began is the response's to tell.
    req.on("error", () => undefined);
    stops.push(() => req.destroy());
    req.end(body);
    const [res] = (await once(req, "response")) as [IncomingMessage];
    return res;
  }

  const json = async (path: string) => JSON.parse((await ask(path)).body.toString()) as Record<string, never>;
  return { target, proxy, ask, open, json };
}

test("without a fault, bodies of any framing pass untouched over one kept connection", async () => {
  const { target, ask } = await startPair();
  const large = Buffer.alloc(3_000_000, "0123456789");

  const echoed = await ask("/echo", { method: "POST", body: large });
  expect(echoed.body.equals(large)).toBe(true);
  expect(echoed.rawHeaders.filter((header) => header === "x-odd")).toHaveLength(2);
  expect(await ask("/empty")).toMatchObject({ outcome: 204 });
  expect(await ask("/eth/v1/node/version", { method: "HEAD" })).toMatchObject({ outcome: 200, body: Buffer.alloc(0) });
  expect(await ask("//odd/../%2e?a=1&&b")).toMatchObject({ outcome: 404 });
  expect(
    await ask("/echo", { method: "POST", headers: { "transfer-encoding": "chunked" }, body: large }),
  ).toMatchObject({
    outcome: 200,
  });

  expect(target.requests[3]?.url).toBe("//odd/../%2e?a=1&&b");
  expect(target.sockets.size).toBe(1);
});

test("without a fault, events arrive as they are sent, comments too", async () => {
  const { target, open } = await startPair();
  const stream = await open("/eth/v1/events?topics=head", {});
  target.send(": hello\n");
  expect(await nextText(stream)).toBe(": hello\n");
  target.send("event: head\nda");
  expect(await nextText(stream)).toBe("event: head\nda");
});

test("when the target closes an idle connection, the client's is closed too", async () => {
  const { target, proxy, ask } = await startPair();
  await ask("/empty");
  expect(proxy.stats.openConnections).toBe(1);
  for (const socket of target.sockets) socket.destroy();
  await until(() => proxy.stats.openConnections === 0);
});

const outright: [Fault, string | number][] = [
  [{ kind: "refuse" }, "ECONNREFUSED"],
  [{ kind: "reset" }, "ECONNRESET"],
  [{ kind: "reset", at: "body" }, "ECONNRESET"],
  [{ kind: "status-5xx", status: 502 }, 502],
  [{ kind: "garbage", shape: "html" }, 200],
];
test.each(outright)("%j ends a request as %s, and the next one after it is served", async (fault, outcome) => {
  const { proxy, ask } = await startPair();
  await proxy.set(fault);
  expect(await ask("/eth/v1/node/version")).toMatchObject({ outcome });
  await proxy.set(undefined);
  expect(await ask("/eth/v1/node/version")).toMatchObject({ outcome: 200 });
  expect(proxy.current()).toBeUndefined();
});

test("refuse cuts open streams and gives the port back afterwards", async () => {
  const { proxy, open } = await startPair();
  const stream = await open("/eth/v1/events?topics=head", {});
  stream.on("error", () => undefined);
  const { url } = proxy;
  await proxy.set({ kind: "refuse" });
  await until(() => stream.destroyed);
  await proxy.set(undefined);
  expect(proxy.url).toBe(url);
});

test("hang keeps a request until the fault ends, and it never reached the target before", async () => {
  const { target, proxy, ask } = await startPair();
  await proxy.set({ kind: "hang" });
  const waiting = ask("/eth/v1/node/version");
  await until(() => proxy.stats.requests === 1);
  expect(target.requests).toHaveLength(0);
  await proxy.set(undefined);
  expect(await waiting).toMatchObject({ outcome: 200 });
});

test("what hangs when the proxy stops never reaches the target", async () => {
  const { target, proxy, ask } = await startPair();
  await proxy.set({ kind: "hang" });
  const waiting = ask("/echo", { method: "POST", body: Buffer.from("x") });
  await until(() => proxy.stats.requests === 1);
  await proxy.stop();
  expect(await waiting).toMatchObject({ outcome: "ECONNRESET" });
  expect(target.requests).toHaveLength(0);
  expect(target.sockets.size).toBe(0);
});

test("drip gives the status at once and the body bit by bit, the rest when the fault ends", async () => {
  const { proxy, open } = await startPair();
  await proxy.set({ kind: "drip", bytesPerSecond: 10 });
  const res = await open("/eth/v1/node/version", {});
  expect(res.statusCode).toBe(200);
  expect((await nextText(res)).length).toBe(1);
  await proxy.set(undefined);
  let rest = "";
  for await (const chunk of res as AsyncIterable<Buffer>) rest += chunk.toString();
  expect(rest).toBe('"data":{"version":"Fixture/1"}}');
});

test("not-ready-206 says syncing everywhere and still answers reads", async () => {
  const { proxy, ask, json } = await startPair();
  await proxy.set({ kind: "not-ready-206", syncDistance: 10 });
  expect(await ask("/eth/v1/node/health")).toMatchObject({ outcome: 206 });
  expect(await ask("/eth/v1/node/health?syncing_status=503")).toMatchObject({ outcome: 503 });
  expect(await ask("/eth/v1/validator/attestation_data?slot=84")).toMatchObject({ outcome: 503 });
  expect(await json("/eth/v1/node/syncing")).toMatchObject({
    data: { is_syncing: true, head_slot: "74", sync_distance: "10" },
  });
  expect(await ask("/eth/v1/node/version")).toMatchObject({ outcome: 200 });
});

test("el-offline says so and refuses production only", async () => {
  const { proxy, ask, json } = await startPair();
  await proxy.set({ kind: "el-offline" });
  expect(await json("/eth/v1/node/syncing")).toMatchObject({ data: { el_offline: true, is_syncing: false } });
  expect(await ask("/eth/v3/validator/blocks/85")).toMatchObject({ outcome: 503 });
  expect(await ask("/eth/v1/validator/attestation_data?slot=84")).toMatchObject({ outcome: 200 });
});

test("stale-head freezes what a client sees of the head while the target goes on", async () => {
  const { target, proxy, ask, json, open } = await startPair(84);
  const stream = await open("/eth/v1/events?topics=head,attestation", {});
  await proxy.set({ kind: "stale-head" });
  target.setHead(90);

  expect(await json("/eth/v1/node/syncing")).toMatchObject({ data: { head_slot: "84", is_syncing: false } });
  expect(await json("/eth/v1/beacon/headers/head")).toMatchObject({ data: { root: rootOf(84) } });
  expect(await json("/eth/v1/beacon/headers")).toMatchObject({ data: [{ root: rootOf(84) }] });
  expect(await json("/eth/v1/beacon/blocks/head/root")).toMatchObject({ data: { root: rootOf(84) } });
  expect(await ask("/eth/v1/beacon/headers/86")).toMatchObject({ outcome: 404 });
  expect(await ask(`/eth/v1/beacon/headers/${rootOf(86)}`)).toMatchObject({ outcome: 404 });
  expect(await json("/eth/v1/beacon/states/head/finality_checkpoints")).toMatchObject({
    data: { current_justified: { epoch: "9" } },
  });
  expect(await json("/eth/v1/validator/attestation_data?slot=90")).toMatchObject({
    data: { beacon_block_root: rootOf(84), source: { epoch: "9" }, target: { epoch: "11", root: rootOf(84) } },
  });
  target.send('event: head\ndata: {"slot":"90"}\n\nevent: attestation\ndata: {}\n\n');
  expect(await nextText(stream)).toBe("event: attestation\ndata: {}\n\n");
});

test("wrong-fork shows one branch that agrees with itself and shares what came before it", async () => {
  const { target, proxy, ask, json, open } = await startPair(84);
  const stream = await open("/eth/v1/events?topics=head", {});
  await proxy.set({ kind: "wrong-fork", depthSlots: 2 });
  target.setHead(85);

  const head = (await json("/eth/v1/beacon/headers/head")) as unknown as Header;
  expect(head.data.root).not.toBe(rootOf(85));
  const parent = (await json(`/eth/v1/beacon/headers/${head.data.header.message.parent_root}`)) as unknown as Header;
  expect(parent.data.root).toBe(head.data.header.message.parent_root);
  const first = (await json("/eth/v1/beacon/headers/83")) as unknown as Header;
  expect(parent.data.header.message.parent_root).toBe(first.data.root);
  expect(first.data.header.message.parent_root).toBe(rootOf(82));
  expect(await json("/eth/v1/beacon/headers/82")).toMatchObject({ data: { root: rootOf(82) } });
  expect(await ask(`/eth/v1/beacon/headers/${rootOf(84)}`)).toMatchObject({ outcome: 404 });
  expect(await json("/eth/v1/beacon/blocks/head/root")).toMatchObject({ data: { root: head.data.root } });
  expect(await json("/eth/v1/validator/attestation_data?slot=85")).toMatchObject({
    data: { beacon_block_root: head.data.root, target: { root: rootOf(80) }, source: { root: rootOf(72) } },
  });
  target.send(`event: head\ndata: {"slot":"85","block":"${rootOf(85)}"}\n\n`);
  expect(await nextText(stream)).toContain(`"block":"${head.data.root}"`);
});

test("a wrong fork that began before the last epoch has other checkpoints and dependent roots", async () => {
  const { target, proxy, json } = await startPair(84);
  await proxy.set({ kind: "wrong-fork", depthSlots: 20 });
  target.setHead(90);
  const finality = (await json("/eth/v1/beacon/states/head/finality_checkpoints")) as unknown as {
    data: Record<string, { epoch: string; root: string }>;
  };
  expect(finality.data["current_justified"]?.root).not.toBe(rootOf(80));
  const duties = (await json("/eth/v1/validator/duties/attester/11")) as unknown as { dependent_root: string };
  expect(duties.dependent_root).not.toBe(rootOf(79));
  expect(await json("/eth/v1/validator/duties/attester/8")).toMatchObject({ dependent_root: rootOf(55) });
});

test("frozen-stream silences open and new streams and leaves other requests alone", async () => {
  const { target, proxy, ask, open } = await startPair();
  const stream = await open("/eth/v1/events?topics=head", {});
  await proxy.set({ kind: "frozen-stream" });
  target.send("event: head\ndata: 1\n\n");
  expect(await ask("/eth/v1/node/version").then((answer) => answer.outcome)).toBe(200);
  await proxy.set(undefined);
  target.send("event: head\ndata: 2\n\n");
  expect(await nextText(stream)).toBe("event: head\ndata: 2\n\n");
});

test("a chain fault is refused, and nothing changes, when the target does not tell its head", async () => {
  const { target, proxy } = await startPair();
  await target.stop();
  stops.splice(stops.indexOf(target.stop), 1);
  await expect(proxy.set({ kind: "stale-head" })).rejects.toThrow("/eth/v1/");
  expect(proxy.current()).toBeUndefined();
});

test("cutSockets closes what is open at once", async () => {
  const { proxy, open } = await startPair();
  const stream = await open("/eth/v1/events?topics=head", {});
  stream.on("error", () => undefined);
  proxy.cutSockets();
  await until(() => stream.destroyed && proxy.stats.openConnections === 0);
});

interface Header {
  data: { root: string; header: { message: { parent_root: string } } };
}

async function nextText(stream: IncomingMessage): Promise<string> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk) return chunk.toString();
    await once(stream, "readable");
  }
}

/** Turns of the event loop until a condition holds; the test's own deadline ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test("a client that takes nothing but SSZ is told 406 where the answer would be changed, as by a node without it", async () => {
  const { proxy, ask } = await startPair();
  await proxy.set({ kind: "stale-head" });
  const path = "/eth/v1/validator/attestation_data?slot=84&committee_index=0";
  const status = async (accept: string) => (await ask(path, { headers: { accept } })).outcome;
  expect(await status("application/octet-stream")).toBe(406);
  expect(await status("application/octet-stream, application/json;q=0")).toBe(406);
  expect(await status("application/octet-stream;q=1.0,application/json;q=0.9")).toBe(200);
  expect(await status("*/*")).toBe(200);
  expect((await ask("/echo", { method: "POST", headers: { accept: "application/octet-stream" } })).outcome).toBe(200);
});

test("a drip can begin with the head: the client has nothing until the last byte of it has come", async () => {
  const { proxy, ask } = await startPair();
  await proxy.set({ kind: "drip", at: "head", bytesPerSecond: 1 });
  let isAnswered = false;
  const answer = ask("/eth/v1/node/version").then((result) => ((isAnswered = true), result));
  while (proxy.stats.requests === 0 && !isAnswered) await new Promise(setImmediate);
  expect(isAnswered).toBe(false);
  await proxy.set(undefined);
  expect((await answer).outcome).toBe(200);
});

test("streams through the proxy are counted, and its own questions carry the node's headers", async () => {
  const { target, proxy, open } = await startPair();
  expect(proxy.stats.openStreams).toBe(0);
  const stream = await open("/eth/v1/events?topics=head", {});
  target.send(":\n\n");
  await once(stream, "data");
  expect(proxy.stats.openStreams).toBe(1);
  const other = await startFaultProxy({
    ...{ targetUrl: target.url, headers: { "x-key": "secret" }, clock: systemClock, random: Math.random },
  });
  stops.push(() => other.stop());
  await other.set({ kind: "stale-head" });
  expect(target.requests.find(({ url }) => url.includes("finality"))?.headers).toContain("x-key");
});
