import { get, type ClientRequest } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { FaultRequest } from "../control/provider.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLogger } from "../lib/log.ts";
import type { View } from "../upstream/types.ts";
import { createFaultLeases, type FaultLeaseOptions } from "./fault-leases.ts";
import type { GatewayNode } from "./send/node-pools.ts";
import { sendJson, startFakeNode } from "./testing/fake-node.ts";
import { createFakeUpstream } from "./testing/fake-upstream.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const refuse: FaultRequest = { group: "main", node: "a", kind: "status-5xx", leaseMs: 60_000, by: "alice" };

/** A group of nodes a and b whose observer opens an event stream wherever it is pointed, as the real one does. */
async function start(options: Partial<FaultLeaseOptions> = {}) {
  const target = await startFakeNode((request, response) => {
    if (!request.url.startsWith("/eth/v1/events")) return sendJson(response, { data: "from the node" });
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
  });
  ends.push(() => target.close());
  const upstream = createFakeUpstream(systemClock, ["a", "b"]);
  const pointed: (string | undefined)[] = [];
  const streams: ClientRequest[] = [];
  let ended = () => {};
  const hasEnded = new Promise<void>((resolve) => (ended = resolve));
  const told: string[] = [];
  const nodes: GatewayNode[] = ["a", "b"].map((name) => ({ name, url: target.url, headers: { "x-key": "secret" } }));
  const group = {
    nodes,
    upstream: {
      view: upstream.view,
      onView: upstream.onView,
      repoint(_node: string, url: string | undefined) {
        pointed.push(url);
        streams.push(get(`${url ?? target.url}/eth/v1/events`).on("error", () => undefined));
      },
    },
    proxy: { repoint: () => undefined },
  };
  const leases = createFaultLeases({
    ...{ clock: systemClock, random: Math.random, log: silentLogger },
    isAllowed: () => true,
    group: (name) => (name === "main" ? group : undefined),
    refusal: () => undefined,
    onChange(what, lease, _group, why) {
      told.push(`${what} ${lease.kind}: ${why}`);
      if (what === "ended") ended();
    },
    ...options,
  });
  ends.push(() => leases.close());
  ends.push(() => streams.forEach((stream) => stream.destroy()));
  const ask = async () => (await fetch(`${pointed.findLast((url) => url !== undefined)}/eth/v1/x`)).status;
  return { leases, upstream, pointed, told, hasEnded, nodes, target, ask };
}

test("the node is pointed to the proxy, shows the fault, and is pointed back when it is stopped", async () => {
  const { leases, pointed, told, ask } = await start();
  const lease = await leases.start(refuse);
  expect(lease).toMatchObject({ node: "a", kind: "status-5xx", by: "alice", expiresAt: lease.startedAt + 60_000 });
  expect(leases.ofGroup("main")).toEqual([lease]);
  expect(await ask()).toBe(500);
  await leases.stop(lease.id);
  await leases.stop(lease.id);
  expect(leases.ofGroup("main")).toEqual([]);
  expect(pointed).toEqual([expect.stringMatching(/^http:\/\/127/), undefined]);
  // Calls that are still under way through the proxy reach the node from now on.
  expect(await ask()).toBe(200);
  expect(told).toEqual(["begun status-5xx: asked for", "ended status-5xx: asked for"]);
});

test("a lease that nobody renews ends by itself, and cannot be renewed after that", async () => {
  const { leases, pointed, told, hasEnded } = await start();
  const { id } = await leases.start({ ...refuse, leaseMs: 20 });
  await hasEnded;
  expect(pointed.at(-1)).toBeUndefined();
  expect(told.at(-1)).toContain("its lease was not renewed");
  expect(() => leases.renew(id, 1_000)).toThrow(expect.objectContaining({ code: "unknown-fault" }));
});

test("a renewed lease lasts from then on", async () => {
  const { leases } = await start();
  const { id, expiresAt } = await leases.start({ ...refuse, leaseMs: 10_000 });
  expect(leases.renew(id, 60_000).expiresAt).toBeGreaterThan(expiresAt);
  expect(leases.ofGroup("main")[0]?.expiresAt).toBeGreaterThan(expiresAt);
});

test.each<[string, Partial<View>]>([
  ["another node's leaving makes it the last", { ready: ["a"] }],
  ["the group is split", { kind: "split" }],
])("it is lifted at once, here, when %s", async (_, view) => {
  const { leases, upstream, told, hasEnded } = await start();
  await leases.start(refuse);
  upstream.setView({ ready: ["b"] });
  expect(leases.ofGroup("main")).toHaveLength(1);
  upstream.setView(view);
  await hasEnded;
  expect(told.at(-1)).toContain("the group needs the node");
});

test("a new configuration ends the faults of nodes that it changes, and of no others", async () => {
  const { leases, nodes, hasEnded, told } = await start();
  await leases.start(refuse);
  leases.nodesChange("other", []);
  leases.nodesChange(
    "main",
    nodes.map((node) => (node.name === "b" ? { ...node, url: "http://127.0.0.1:9" } : { ...node })),
  );
  expect(told).toHaveLength(1);
  leases.nodesChange("main", [{ ...(nodes[0] as GatewayNode), headers: {} }]);
  await hasEnded;
  expect(told.at(-1)).toContain("the configuration changed the node");
});

test("a gateway that leaves lifts every fault and begins no other", async () => {
  const { leases, pointed } = await start();
  await leases.start(refuse);
  await leases.endAll();
  expect(leases.ofGroup("main")).toEqual([]);
  expect(pointed.at(-1)).toBeUndefined();
  await expect(leases.start(refuse)).rejects.toMatchObject({ code: "fault-refused" });
});

test("one group shows one fault at a time, also while the first is only beginning", async () => {
  const { leases } = await start();
  const first = leases.start(refuse);
  await expect(leases.start({ ...refuse, node: "b" })).rejects.toThrow(/another fault/);
  await first;
  await expect(leases.start({ ...refuse, node: "b" })).rejects.toMatchObject({ code: "fault-refused" });
});

test.each<[string, Partial<FaultRequest>, Partial<FaultLeaseOptions>]>([
  ["faults-not-allowed", {}, { isAllowed: () => false }],
  ["fault-refused", {}, { refusal: () => "own block proposal is near" }],
  ["unknown-group", { group: "x" }, {}],
  ["unknown-node", { node: "x" }, {}],
  ["fault-unknown", { kind: "x" }, {}],
  ["fault-unknown", { settings: { status: 200 } }, {}],
  ["fault-refused", { leaseMs: 60_001 }, {}],
  ["fault-refused", { leaseMs: Number.NaN }, {}],
])("%s: refused, and nothing is moved", async (code, request, options) => {
  const { leases, pointed } = await start(options);
  await expect(leases.start({ ...refuse, ...request })).rejects.toMatchObject({ code });
  expect(pointed).toEqual([]);
});

test("a fault that cannot begin leaves the node where it was", async () => {
  const { leases, pointed, target } = await start();
  // The fake node has no head to stand still at.
  await expect(leases.start({ ...refuse, kind: "stale-head" })).rejects.toMatchObject({ code: "fault-failed" });
  expect(pointed.at(-1)).toBeUndefined();
  expect(leases.ofGroup("main")).toEqual([]);
  const asked = target.requests.filter(({ url }) => url.includes("finality"));
  expect(asked[0]?.headers["x-key"]).toBe("secret");
});

test("a guard that finds something while everything moves to the proxy stops it in time", async () => {
  let asked = 0;
  const { leases, pointed } = await start({ refusal: () => (++asked > 1 ? "the view is split" : undefined) });
  await expect(leases.start(refuse)).rejects.toThrow(/the view is split/);
  expect(pointed.at(-1)).toBeUndefined();
});
