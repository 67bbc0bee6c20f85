import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Registry } from "prom-client";
import { startFaultProxy, type FaultProxy } from "../../src/faults/start-fault-proxy.ts";
import { openTestStream, type TestStream } from "../../src/gateway/testing/event-client.ts";
import { startGatewayGroup } from "../../src/gateway/start-gateway-group.ts";
import type { GatewayGroup } from "../../src/gateway/types.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { createRing } from "../../src/lib/ring.ts";
import { createSimChain } from "../../src/sim/create-sim-chain.ts";
import { startSimBeaconNode, type SimBeaconNode } from "../../src/sim/start-sim-beacon-node.ts";
import { startUpstreamGroup } from "../../src/upstream/start-upstream-group.ts";
import type { UpstreamGroup } from "../../src/upstream/types.ts";

/** A whole gateway group over two simulated nodes, each behind a fault proxy, with a thousand validator clients. */

const slotDurationMs = 2_000;
let nodes: SimBeaconNode[] = [];
let proxies: FaultProxy[] = [];
let upstream: UpstreamGroup;
let gateway: GatewayGroup;
const streams: TestStream[] = [];

beforeEach(async () => {
  const genesisTimeMs = Math.floor(Date.now() / 1000) * 1000 - 60 * slotDurationMs;
  const chain = createSimChain({ seed: "streams", slotDurationMs, genesisTimeMs, validators: 64 });
  const clock = systemClock;
  nodes = await Promise.all(["bn1", "bn2"].map((name) => startSimBeaconNode({ chain, clock, name })));
  proxies = await Promise.all(
    nodes.map((node) => startFaultProxy({ targetUrl: node.url, clock, random: Math.random })),
  );
  const members = proxies.map(({ url }, i) => ({ name: `bn${i + 1}`, url, priority: i, labels: {}, headers: {} }));
  const parts = { clock, random: Math.random, log: silentLogger };
  upstream = startUpstreamGroup({ config: { name: "main", network: { kind: "auto" }, nodes: members }, ...parts });
  gateway = await startGatewayGroup({
    ...{
      name: "main",
      listen: { host: "127.0.0.1", port: 0 },
      upstream,
      nodes: members,
      gatewayVersion: "0",
      ...parts,
    },
    ...{ metrics: new Registry(), evidence: createRing(1_000) },
  });
  await until(() => upstream.view().ready.length === 2);
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await gateway.stop();
  await upstream.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await Promise.all(nodes.map((node) => node.stop()));
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

/** Everybody at once, as after a power cut: the backlog must hold those whom nobody has accepted yet. */
async function storm(count: number): Promise<void> {
  const url = `http://${gateway.address.host}:${gateway.address.port}`;
  streams.push(...(await Promise.all(Array.from({ length: count }, () => openTestStream(url, "topics=head,block")))));
}

/** Slots of the heads that a client was told, in order. */
const heads = (stream: TestStream): number[] =>
  [...stream.text().matchAll(/event: head\ndata: (.*)\n/g)].map(([, data]) =>
    Number((JSON.parse(data ?? "") as { slot: string }).slot),
  );

/** Waits until every stream has heard of `count` more heads. */
async function hearHeads(count: number): Promise<void> {
  const wanted = streams.map((stream) => heads(stream).length + count);
  await until(() => streams.every((stream, i) => heads(stream).length >= (wanted[i] ?? 0)));
}

test("a thousand streams go on through the loss of either node, a frozen stream and a reconnect storm: nobody sees a close, a head twice or none", async () => {
  await storm(1_000);
  expect(nodes.map((node) => node.openStreams)).toEqual([1, 1]);
  await hearHeads(1);
  await proxies[0]?.set({ kind: "refuse" });
  await hearHeads(2);
  await proxies[0]?.set(undefined);
  await until(() => upstream.view().ready.length === 2);
  await proxies[1]?.set({ kind: "reset" });
  await hearHeads(2);
  await proxies[1]?.set(undefined);
  await until(() => upstream.view().ready.length === 2);
  await proxies[0]?.set({ kind: "frozen-stream" });
  await hearHeads(2);
  expect(streams.filter(({ isClosed }) => isClosed)).toHaveLength(0);

  // All of them leave without a word and come back at once.
  const veteran = streams[0] as TestStream;
  for (const stream of streams.splice(1)) stream.socket.resetAndDestroy();
  await storm(999);
  await hearHeads(1);
  expect(gateway.stats().streams).toBe(1_000);
  expect(veteran.isClosed).toBe(false);
  const [first = 0, ...later] = heads(veteran);
  expect(later).toEqual(later.map((_, i) => first + 1 + i));
});
